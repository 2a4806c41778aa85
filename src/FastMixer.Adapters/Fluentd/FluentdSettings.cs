namespace FastMixer.Adapters.Fluentd;

/// <summary>A fluentd handler's parameters.</summary>
/// <param name="Address">Where the server is.</param>
/// <param name="IntegerDuration">Whether durations are whole milliseconds, not text.</param>
/// <param name="BatchRecords">The most entries of a batch.</param>
/// <param name="ChunkBytes">The most bytes of the entries of a message.</param>
/// <param name="PushInterval">How long a batch that is not full waits for more.</param>
/// <param name="PushTimeout">How long the server may take to acknowledge a batch.</param>
internal sealed record FluentdSettings(
    BackendAddress Address, bool IntegerDuration, int BatchRecords, int ChunkBytes, TimeSpan PushInterval, TimeSpan PushTimeout);
