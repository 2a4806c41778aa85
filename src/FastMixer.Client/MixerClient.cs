using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client;

/// <summary>
/// Asks one server for verdicts and hands it reports, over one connection that all callers share. Thread-safe. Connects when first
/// called, and again after a connection is lost. Attributes are encoded before a call returns its task: the writer is then free.
/// </summary>
public sealed class MixerClient : IAsyncDisposable
{
    /// <summary>A client; nothing is sent yet.</summary>
    /// <param name="options">Which server, and how.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    public MixerClient(MixerClientOptions options, TimeProvider? timeProvider = null)
    {
        _ = options;
        _ = timeProvider;
    }

    /// <summary>What the server said when it welcomed the newest connection; null before, and over UDP before <see cref="ConnectAsync"/>.</summary>
    public Welcome? Server { get; }

    /// <summary>Whether the server has said that it stops; the next call goes to a new connection.</summary>
    public bool IsGoingAway { get; }

    /// <summary>How many words an <see cref="AttributeWriter"/> may use: what both sides know, those of version 1 until the server has told.</summary>
    public int WordCount { get; }

    /// <summary>What was counted so far.</summary>
    public MixerClientStatistics Statistics { get; }

    /// <summary>Connects, unless connected. Calls do so by themselves; this is for those who want to know beforehand.</summary>
    /// <param name="cancellationToken">Ends the wait, not the connecting.</param>
    public ValueTask<Welcome> ConnectAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Asks whether a request may pass.</summary>
    /// <param name="attributes">The request's attributes beyond the base.</param>
    /// <param name="cancellationToken">Ends the wait; an answer that still comes is dropped.</param>
    public ValueTask<Verdict> CheckAsync(AttributeWriter attributes, CancellationToken cancellationToken = default) =>
        CheckAsync(attributes, [], null, cancellationToken);

    /// <summary>Asks whether a request may pass, and takes quotas if it may.</summary>
    /// <param name="attributes">The request's attributes beyond the base.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="deduplicationId">
    /// The same for each sending of one logical call, so that a retry does not take twice; at most 64 bytes of UTF-8; null for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; an answer that still comes is dropped.</param>
    public ValueTask<Verdict> CheckAsync(
        AttributeWriter attributes,
        IReadOnlyList<QuotaRequest> quotas,
        string? deduplicationId,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Hands over records of finished requests. Refused ones should be sent again, as the acknowledgement says.</summary>
    /// <param name="records">Each holding all attributes beyond the base; they travel as what changed from one to the next.</param>
    /// <param name="cancellationToken">Ends the wait; the server may have taken the records all the same.</param>
    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Asks whether the server is there.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How long the answer took.</returns>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Closes the connection; calls in flight fail with <see cref="MixerUnavailableException"/>.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
