using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FastMixer.Client.Reports;

namespace FastMixer.Client.Native.Clients;

/// <summary><c>fm_statistics</c>: the fields, in their order, are those of the header, which says what they mean. New ones come at the end.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Style", "IDE0052:Remove unread private members", Justification = "Read by the caller.")]
internal readonly struct ClientCounts
{
    private readonly nuint _size;
    private readonly long _hits;
    private readonly long _answers;
    private readonly long _answerTime;
    private readonly long _shared;
    private readonly long _renewals;
    private readonly long _stale;
    private readonly long _failedOpen;
    private readonly long _failedClosed;
    private readonly long _refused;
    private readonly long _notKept;
    private readonly long _records;
    private readonly long _acknowledged;
    private readonly long _unacknowledged;
    private readonly long _held;
    private readonly long _retried;
    private readonly long _full;
    private readonly long _refusedRecords;
    private readonly long _unavailable;
    private readonly long _rejected;
    private readonly long _tooLarge;
    private readonly long _shutdown;

    /// <summary>What a client has counted.</summary>
    /// <param name="statistics">It.</param>
    public ClientCounts(MixerClientStatistics statistics)
    {
        _size = 0;
        CheckCounts checks = statistics.Checks;
        _hits = checks.Hits;
        _answers = checks.Answers;
        _answerTime = checks.AnswerTime.Ticks * TimeSpan.NanosecondsPerTick;
        _shared = checks.Shared;
        _renewals = checks.Renewals;
        _stale = checks.Stale;
        _failedOpen = checks.FailedOpen;
        _failedClosed = checks.FailedClosed;
        _refused = checks.Refused;
        _notKept = checks.NotKept;

        ReportCounts reports = statistics.Reports;
        _records = reports.Added;
        _acknowledged = reports.Acknowledged;
        _unacknowledged = reports.Unacknowledged;
        _held = reports.Held;
        _retried = reports.Retried;
        _full = reports.Dropped(ReportDropReason.Full);
        _refusedRecords = reports.Dropped(ReportDropReason.Refused);
        _unavailable = reports.Dropped(ReportDropReason.Unavailable);
        _rejected = reports.Dropped(ReportDropReason.Rejected);
        _tooLarge = reports.Dropped(ReportDropReason.TooLarge);
        _shutdown = reports.Dropped(ReportDropReason.Shutdown);
    }
}
