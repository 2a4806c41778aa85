namespace FastMixer.LoadTest.Load;

/// <summary>What a worker is told beside its connection and its window.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Depth">How many requests it may have in flight.</param>
/// <param name="Timeout">How long it waits for an answer.</param>
/// <param name="Cancellation">Ends it early.</param>
internal readonly record struct WorkerSettings(int Number, int Depth, TimeSpan Timeout, CancellationToken Cancellation);
