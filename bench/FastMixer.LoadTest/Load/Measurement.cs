using System.Diagnostics;
using HdrHistogram;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// What one worker saw within the window. Written by the worker's thread alone; read by others after that thread has ended, except
/// <see cref="Answered"/>, which may be read at any time for a progress line. Recording allocates nothing.
/// </summary>
internal sealed class Measurement
{
    /// <summary>Statuses that are counted one by one; all others count together as the last.</summary>
    public const int StatusCount = 18;

    /// <summary>Codes of errors that are counted one by one; all others count together as 0.</summary>
    public const int ErrorCodeCount = 32;

    // 16 ns steps at the bottom, a thousandth of the value above, an hour at the top.
    private const long LowestNanoseconds = 16;
    private const long HighestNanoseconds = 3_600_000_000_000;
    private const int Digits = 3;

    private static readonly long NanosecondsPerTick = Math.Max(1, 1_000_000_000 / Stopwatch.Frequency);

    private readonly long[] _statuses = new long[StatusCount];
    private readonly long[] _refusals = new long[ErrorCodeCount];
    private long _answered;

    /// <summary>Times from a request, or the moment it was due, to its answer, in nanoseconds.</summary>
    public LongHistogram Latency { get; } = new(LowestNanoseconds, HighestNanoseconds, Digits);

    /// <summary>Open loop only: times by which the generator sent too late, in nanoseconds; the latency contains them.</summary>
    public LongHistogram Lateness { get; } = new(LowestNanoseconds, HighestNanoseconds, Digits);

    /// <summary>All answers, also those outside the window.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Verdicts within the window.</summary>
    public long Verdicts { get; private set; }

    /// <summary>Bytes of the bodies of those verdicts.</summary>
    public long VerdictBytes { get; private set; }

    /// <summary>Requests that were answered with an error.</summary>
    public long Errors { get; private set; }

    /// <summary>Requests that were not answered in time (datagrams; a stream that stops answering is a failure).</summary>
    public long Lost { get; private set; }

    /// <summary>
    /// Open loop only: requests that were due in the window and for which there was no room before it ended. The latencies contain
    /// them with the time that they had waited until then.
    /// </summary>
    public long Unsent { get; private set; }

    /// <summary>What the first error said.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Verdicts within the window that came after the settings' patience was over.</summary>
    public long Late { get; private set; }

    /// <summary>Bytes that the worker's thread allocated in the window: 0 unless there were errors.</summary>
    public long AllocatedBytes { get; set; }

    /// <summary>Verdicts by status.</summary>
    public ReadOnlySpan<long> Statuses => _statuses;

    /// <summary>Errors within the window, by code.</summary>
    public ReadOnlySpan<long> Refusals => _refusals;

    /// <summary>Counts an answer for the progress line.</summary>
    public void CountAnswer() => Volatile.Write(ref _answered, _answered + 1);

    /// <summary>Records a verdict of the window.</summary>
    public void RecordVerdict(long ticks, uint status, int bytes)
    {
        Latency.RecordValue(Nanoseconds(ticks));
        Verdicts++;
        VerdictBytes += bytes;
        _statuses[Math.Min(status, StatusCount - 1)]++;
    }

    /// <summary>Records by how much a request was sent too late.</summary>
    public void RecordLateness(long ticks) => Lateness.RecordValue(Nanoseconds(ticks));

    /// <summary>Records that the verdict recorded last came too late to be of use.</summary>
    public void RecordLate() => Late++;

    /// <summary>Records a request answered with an error, whenever it came.</summary>
    public void RecordError() => Errors++;

    /// <summary>Records what the first error says.</summary>
    public void RecordFirstError(string text) => FirstError = text;

    /// <summary>Records an error of the window.</summary>
    public void RecordRefusal(uint code) => _refusals[code < ErrorCodeCount ? code : 0]++;

    /// <summary>Records requests given up.</summary>
    public void RecordLost(int count) => Lost += count;

    /// <summary>Records a request that was due but never sent.</summary>
    public void RecordUnsent(long waitedTicks)
    {
        Latency.RecordValue(Nanoseconds(waitedTicks));
        Unsent++;
    }

    /// <summary>Adds what another worker saw.</summary>
    public void Add(Measurement other)
    {
        Latency.Add(other.Latency);
        Lateness.Add(other.Lateness);
        _answered += other._answered;
        Verdicts += other.Verdicts;
        VerdictBytes += other.VerdictBytes;
        Errors += other.Errors;
        Lost += other.Lost;
        Unsent += other.Unsent;
        Late += other.Late;
        FirstError ??= other.FirstError;
        AllocatedBytes += other.AllocatedBytes;
        for (var i = 0; i < StatusCount; i++)
        {
            _statuses[i] += other._statuses[i];
        }

        for (var i = 0; i < ErrorCodeCount; i++)
        {
            _refusals[i] += other._refusals[i];
        }
    }

    private static long Nanoseconds(long ticks) => Math.Clamp(ticks * NanosecondsPerTick, 0, HighestNanoseconds);
}
