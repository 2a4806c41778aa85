using FastMixer.Client.Timing;

namespace FastMixer.Client.Reports;

/// <summary>Decides what becomes of records whose sending has ended: they have come to their ends, or are sent again later. Belongs to one worker.</summary>
/// <param name="options">How long and how often they are sent again.</param>
/// <param name="counters">Told of all ends.</param>
internal sealed class ReportSettlement(ReportOptions options, ReportCounters counters)
{
    /// <summary>Settles a sending that has landed: it is free then, or pauses.</summary>
    /// <param name="sending">The sending.</param>
    /// <param name="now">The time.</param>
    /// <param name="isOver">Whether nothing is sent any more.</param>
    public void Settle(ReportSending sending, TimeSpan now, bool isOver)
    {
        switch (sending.Outcome)
        {
            case SendingOutcome.Acknowledged:
                Acknowledge(sending, now);
                break;
            case SendingOutcome.Rejected:
                Drop(sending, ReportDropReason.Rejected);
                break;
            case SendingOutcome.Unknown when !options.ResendUnacknowledged || isOver:
                counters.GiveUp(sending.Batch.Count);
                sending.Free();
                break;
            default:
                Retry(sending, now, ReportDropReason.Unavailable, TimeSpan.Zero);
                break;
        }
    }

    /// <summary>Drops what is left of a sending.</summary>
    /// <param name="sending">The sending; not on its way.</param>
    /// <param name="reason">Why.</param>
    public void Drop(ReportSending sending, ReportDropReason reason)
    {
        counters.Drop(reason, sending.Batch.Count);
        sending.Free();
    }

    private void Acknowledge(ReportSending sending, TimeSpan now)
    {
        int accepted = Math.Clamp(sending.Acknowledgement.Accepted, 0, sending.Batch.Count);
        counters.Acknowledge(accepted);
        if (accepted > 0)
        {
            sending.Progress();
            counters.Drop(ReportDropReason.TooLarge, sending.Batch.Remove(accepted));
        }

        if (sending.Batch.Count == 0)
        {
            sending.Free();
        }
        else
        {
            Retry(sending, now, ReportDropReason.Refused, sending.Acknowledgement.RetryAfter);
        }
    }

    private void Retry(ReportSending sending, TimeSpan now, ReportDropReason reason, TimeSpan least)
    {
        TimeSpan pause = Pauses.Next(sending.Failures, options.RetryPause, options.LongestRetryPause);
        pause = pause > least ? pause : least;
        if (sending.FailedSince is { } since && now + pause > since + options.RetryFor)
        {
            Drop(sending, reason);
        }
        else
        {
            sending.Pause(now, pause);
        }
    }
}
