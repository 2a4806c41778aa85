namespace FastMixer.LoadTest.Load;

/// <summary>What a worker is told beside its connection and its window.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Depth">How many requests it may have in flight.</param>
/// <param name="Timeout">How long it waits for an answer.</param>
/// <param name="Patience">After how long an answer is of no use any more, or null.</param>
/// <param name="Cancellation">Ends it early.</param>
internal readonly record struct WorkerSettings(
    int Number, int Depth, TimeSpan Timeout, TimeSpan? Patience, CancellationToken Cancellation);
