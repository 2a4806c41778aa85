using FastMixer.Client;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using HdrHistogram;

namespace FastMixer.Cli.Replay;

/// <summary>A line that is no request.</summary>
/// <param name="Number">Its number in the log.</param>
/// <param name="Why">What is wrong with it.</param>
internal sealed record UnparsedLine(long Number, string Why);

/// <summary>
/// What a replay counts. The methods may be called from any thread; counters may be read while it runs, the rest when it has ended.
/// </summary>
internal sealed class ReplaySummary
{
    private const int ShownUnparsedLines = 5;
    private const long LongestMicroseconds = 3_600_000_000;

    private readonly Lock _lock = new();
    private readonly LongHistogram _latencies = new(LongestMicroseconds, 3);
    private readonly List<UnparsedLine> _unparsed = [];
    private readonly Dictionary<string, string> _failureExamples = new(StringComparer.Ordinal);

    /// <summary>Lines read.</summary>
    public long Lines { get; private set; }

    /// <summary>Lines that are no request.</summary>
    public long NotParsed { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<UnparsedLine> FirstNotParsed => _unparsed;

    /// <summary>Checks that got a verdict.</summary>
    public long Answered { get; private set; }

    /// <summary>Checks that got none.</summary>
    public long Failed { get; private set; }

    /// <summary>Records that the server took.</summary>
    public long Accepted { get; private set; }

    /// <summary>How often the server had no room for a record; each is sent again.</summary>
    public long Refused { get; private set; }

    /// <summary>Records that never were accepted: refused too often, or without an answer.</summary>
    public long Undelivered { get; private set; }

    /// <summary>How long the replay took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Why the replay ended before the log did, or null.</summary>
    public string? Ended { get; private set; }

    /// <summary>Whether it ended because the server was gone.</summary>
    public bool ServerIsGone { get; private set; }

    /// <summary>Verdicts by their status.</summary>
    public TopCounter ByStatus { get; } = new();

    /// <summary>Denials by what denied.</summary>
    public TopCounter ByRule { get; } = new();

    /// <summary>Denials by the path without query.</summary>
    public TopCounter DeniedPaths { get; } = new();

    /// <summary>Denials by who asked.</summary>
    public TopCounter DeniedSources { get; } = new();

    /// <summary>Failures, of checks and of reports, by sort.</summary>
    public TopCounter Failures { get; } = new();

    /// <summary>Verdicts in a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Answered / Elapsed.TotalSeconds : 0;

    /// <summary>Whether each request of the log was answered, and each record taken.</summary>
    public bool IsComplete => Failed == 0 && Undelivered == 0 && Ended is null;

    /// <summary>The text of the first failure of a sort.</summary>
    /// <param name="sort">As in <see cref="Failures"/>.</param>
    public string FailureExample(string sort) => _failureExamples[sort];

    /// <summary>The latency that so many of a hundred verdicts kept within.</summary>
    /// <param name="percentile">0 … 100.</param>
    public TimeSpan Latency(double percentile) =>
        TimeSpan.FromMicroseconds(Answered == 0 ? 0 : _latencies.GetValueAtPercentile(percentile));

    /// <summary>A line was read.</summary>
    public void AddLine()
    {
        lock (_lock)
        {
            Lines++;
        }
    }

    /// <summary>A line was no request.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="why">What is wrong with it.</param>
    public void AddNotParsed(long number, string why)
    {
        lock (_lock)
        {
            NotParsed++;
            if (_unparsed.Count < ShownUnparsedLines)
            {
                _unparsed.Add(new UnparsedLine(number, why));
            }
        }
    }

    /// <summary>A verdict came.</summary>
    /// <param name="entry">The request.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="latency">How long it took.</param>
    public void AddVerdict(AccessLogEntry entry, Verdict verdict, TimeSpan latency)
    {
        lock (_lock)
        {
            Answered++;
            _latencies.RecordValue(Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, LongestMicroseconds));
            ByStatus.Add(verdict.Status.Name());
            if (!verdict.IsAllowed)
            {
                ByRule.Add(DenialRule.Of(verdict.Message));
                DeniedPaths.Add(entry.Request.UrlPath);
                DeniedSources.Add(entry.Source);
            }
        }
    }

    /// <summary>A check got no verdict.</summary>
    /// <param name="cause">Why.</param>
    public void AddFailure(MixerException cause)
    {
        lock (_lock)
        {
            Failed++;
            CountFailure(cause);
        }
    }

    /// <summary>A report was answered.</summary>
    /// <param name="accepted">Records taken.</param>
    /// <param name="refused">Records refused for now.</param>
    public void AddAcknowledgement(int accepted, int refused)
    {
        lock (_lock)
        {
            Accepted += accepted;
            Refused += refused;
        }
    }

    /// <summary>Records are given up.</summary>
    /// <param name="records">How many.</param>
    /// <param name="cause">Why; null if they were refused too often.</param>
    public void AddUndelivered(int records, MixerException? cause)
    {
        lock (_lock)
        {
            Undelivered += records;
            if (cause is not null)
            {
                CountFailure(cause);
            }
        }
    }

    /// <summary>The replay ends before the log; only the first reason counts.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="serverIsGone">Whether the server is to blame.</param>
    public void End(string reason, bool serverIsGone)
    {
        lock (_lock)
        {
            ServerIsGone |= Ended is null && serverIsGone;
            Ended ??= reason;
        }
    }

    private void CountFailure(MixerException cause)
    {
        string sort = cause switch
        {
            MixerErrorException error => $"error {error.Code.Name()}",
            MixerTimeoutException => "timeout",
            MixerUnavailableException => "unavailable",
            _ => "other",
        };
        Failures.Add(sort);
        _failureExamples.TryAdd(sort, cause.Message);
    }
}
