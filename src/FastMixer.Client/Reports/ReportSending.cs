using FastMixer.Client.Fleet;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Reports;

/// <summary>How a sending stands.</summary>
internal enum SendingState
{
    /// <summary>It has no records.</summary>
    Free,

    /// <summary>Its records are on their way.</summary>
    Flying,

    /// <summary>The answer is there.</summary>
    Landed,

    /// <summary>Its records are to be sent again later.</summary>
    Pausing,
}

/// <summary>How a sending has ended.</summary>
internal enum SendingOutcome
{
    /// <summary>A server has acknowledged it, all or a part.</summary>
    Acknowledged,

    /// <summary>No server has got it, or one that had no time for it.</summary>
    Failed,

    /// <summary>A server has refused it for good.</summary>
    Rejected,

    /// <summary>A server may have got it.</summary>
    Unknown,
}

/// <summary>
/// One of the few batches that can be on their way at once, from its first sending to the end of its last record. Its worker alone calls members; it sets
/// <see cref="SendingState.Landed"/> by itself.
/// </summary>
/// <param name="batch">The batch.</param>
/// <param name="fleet">The servers.</param>
/// <param name="landed">Told when an answer is there, on any thread.</param>
internal sealed class ReportSending(ReportBatch batch, IFleet fleet, Action landed)
{
    private volatile SendingState _state;
    private Acknowledgement _acknowledgement;

    /// <summary>The records.</summary>
    public ReportBatch Batch => batch;

    /// <summary>How it stands.</summary>
    public SendingState State => _state;

    /// <summary>Its number among all of the client; less than that of any later one.</summary>
    public long Number { get; private set; }

    /// <summary>How the last sending has ended.</summary>
    public SendingOutcome Outcome { get; private set; }

    /// <summary>What a server has said, where it has.</summary>
    public Acknowledgement Acknowledgement => _acknowledgement;

    /// <summary>Why it failed, for people; null where it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>When it is to be sent again, while it pauses.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>When a sending first failed since some of it was taken; null if none did.</summary>
    public TimeSpan? FailedSince { get; private set; }

    /// <summary>How often it has failed since.</summary>
    public int Failures { get; private set; }

    /// <summary>Begins with the records that the batch has now.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="cancellationToken">Ends each wait for an answer.</param>
    public void Begin(long number, CancellationToken cancellationToken)
    {
        Number = number;
        Progress();
        Send(cancellationToken);
    }

    /// <summary>Sends what the batch has.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    public void Send(CancellationToken cancellationToken)
    {
        _state = SendingState.Flying;
        _ = SendAsync(batch.Finish(), cancellationToken);
    }

    /// <summary>Notes that a server has taken some of it.</summary>
    public void Progress()
    {
        FailedSince = null;
        Failures = 0;
    }

    /// <summary>Pauses after a failure.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">How long.</param>
    public void Pause(TimeSpan now, TimeSpan pause)
    {
        FailedSince ??= now;
        Failures++;
        NotBefore = now + pause;
        _state = SendingState.Pausing;
    }

    /// <summary>Ends it: its records have come to their ends.</summary>
    public void Free()
    {
        batch.Reset();
        _state = SendingState.Free;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken)
    {
        try
        {
            _acknowledgement = await fleet.ReportAsync(records, cancellationToken).ConfigureAwait(false);
            Problem = null;
            Outcome = SendingOutcome.Acknowledged;
        }
        catch (Exception exception)
        {
            // Mostly the fleet's. Whatever else goes wrong must not leave records without an end.
            Problem = exception.Message;
            Outcome = OutcomeOf(exception);
        }

        _state = SendingState.Landed;
        landed();
    }

    private static SendingOutcome OutcomeOf(Exception exception) => exception switch
    {
        MixerErrorException { Code: ErrorCode.Overloaded or ErrorCode.TooManyConnections or ErrorCode.DeadlineExceeded } => SendingOutcome.Failed,
        MixerErrorException or MixerException { Reason: MixerFailure.TooLarge } => SendingOutcome.Rejected,
        MixerUnacknowledgedException or MixerTimeoutException => SendingOutcome.Unknown,
        MixerException => SendingOutcome.Failed,
        _ => SendingOutcome.Unknown,
    };
}
