using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.MemQuota;

/// <summary>A part of the counters. Any thread may use it.</summary>
/// <param name="mostCounters">How many there may be, and how many answers are remembered.</param>
/// <param name="deduplication">How long an answer is remembered at least.</param>
internal sealed class CounterTable(int mostCounters, TimeSpan deduplication)
{
    private const int FewCounters = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], QuotaWindow> _counters = new(Utf8Comparer.Instance);
    private readonly AnswerMemory _answers = new(deduplication, mostCounters);
    private int _nextSweep = Math.Min(FewCounters, mostCounters);

    /// <summary>How many counters there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _counters.Count;
            }
        }
    }

    /// <summary>Takes from a counter, or gives back.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="question">Stands for the question, to be answered alike when it comes again; zero for one that never does.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="arguments">What is asked for.</param>
    /// <param name="now">The time; not earlier than before but for threads that overtake each other.</param>
    /// <param name="isFull">Whether there was no room for one more counter.</param>
    public QuotaResult Allocate(
        ReadOnlySpan<byte> key, UInt128 question, QuotaLimit limit, QuotaArguments arguments, TimeSpan now, out bool isFull)
    {
        lock (_gate)
        {
            isFull = false;
            if (question != UInt128.Zero && _answers.TryRecall(question, now, out QuotaResult known))
            {
                return known;
            }

            if (Find(key, limit, now) is not { } counter)
            {
                isFull = true;
                return default;
            }

            counter.Advance(now);
            QuotaResult result = Change(counter, limit, arguments);
            if (question != UInt128.Zero)
            {
                _answers.Remember(question, now, result);
            }

            return result;
        }
    }

    private static QuotaResult Change(QuotaWindow counter, QuotaLimit limit, QuotaArguments arguments)
    {
        if (arguments.Amount <= 0)
        {
            long given = arguments.Amount == 0 ? 0 : counter.GiveBack(arguments.Amount == long.MinValue ? long.MaxValue : -arguments.Amount);
            return new QuotaResult(-given, TimeSpan.Zero);
        }

        long granted = counter.Take(arguments.Amount, limit.MaxAmount, arguments.BestEffort);
        return new QuotaResult(granted, granted > 0 || arguments.BestEffort ? limit.ValidDuration : TimeSpan.Zero);
    }

    private QuotaWindow? Find(ReadOnlySpan<byte> key, QuotaLimit limit, TimeSpan now)
    {
        Dictionary<byte[], QuotaWindow>.AlternateLookup<ReadOnlySpan<byte>> counters = _counters.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (counters.TryGetValue(key, out QuotaWindow? counter))
        {
            return counter;
        }

        if (_counters.Count >= _nextSweep)
        {
            Sweep(now);
        }

        if (_counters.Count >= mostCounters)
        {
            return null;
        }

        counter = new QuotaWindow(limit.ValidDuration);
        counters[key] = counter;
        return counter;
    }

    // Forgets counters of which nothing is taken: they would be made anew the same. Each sweep waits until as many again have come, so that
    // its cost is shared by them; at the limit, until one of them can have become free.
    private void Sweep(TimeSpan now)
    {
        foreach ((byte[] key, QuotaWindow counter) in _counters)
        {
            counter.Advance(now);
            if (counter.Used == 0)
            {
                _counters.Remove(key);
            }
        }

        _nextSweep = Math.Min(mostCounters, Math.Max(FewCounters, _counters.Count * 2));
    }
}
