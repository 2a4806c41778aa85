using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Reports;

/// <summary>Tells the log of records that were lost: the first at once, then at most once an interval, with how many. Belongs to one worker.</summary>
/// <param name="logger">The log.</param>
internal sealed class ReportLossNotices(ILogger logger)
{
    /// <summary>The least time between two notices.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private ReportCounts? _told;
    private TimeSpan _notBefore;
    private string _problem = "none";

    /// <summary>Notes what went wrong last, for the next notice.</summary>
    /// <param name="problem">For people.</param>
    public void Note(string? problem) => _problem = problem ?? _problem;

    /// <summary>Tells what is new, if it is time.</summary>
    /// <param name="counts">All counts so far.</param>
    /// <param name="now">The time.</param>
    /// <param name="isLast">Whether there is no later time.</param>
    /// <returns>When there will be something to tell; null if there is nothing.</returns>
    public TimeSpan? Tell(ReportCounts counts, TimeSpan now, bool isLast)
    {
        long lost = Since(counts, static all => all.AllDropped + all.Unacknowledged);
        if (lost == 0)
        {
            return null;
        }

        if (now < _notBefore && !isLast)
        {
            return _notBefore;
        }

        ReportLog.Lost(
            logger,
            lost,
            Since(counts, static all => all.Dropped(ReportDropReason.Full)),
            Since(counts, static all => all.Dropped(ReportDropReason.Refused)),
            Since(counts, static all => all.Dropped(ReportDropReason.Unavailable)),
            Since(counts, static all => all.Dropped(ReportDropReason.Rejected)),
            Since(counts, static all => all.Dropped(ReportDropReason.TooLarge)),
            Since(counts, static all => all.Dropped(ReportDropReason.Shutdown)),
            Since(counts, static all => all.Unacknowledged),
            _problem);
        _told = counts;
        _notBefore = now + Interval;
        return null;
    }

    private long Since(ReportCounts counts, Func<ReportCounts, long> count) => count(counts) - (_told is null ? 0 : count(_told));
}
