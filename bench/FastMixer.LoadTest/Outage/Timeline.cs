namespace FastMixer.LoadTest.Outage;

/// <summary>What callers saw, by the time at which their checks were due. For any thread; what it holds is read after the last call.</summary>
internal sealed class Timeline
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _step;
    private readonly TimelineBucket[] _buckets;
    private readonly HashSet<uint> _seen = [];
    private readonly Dictionary<string, long> _failures = [];

    /// <summary>Prepares a time line.</summary>
    /// <param name="length">How long the run is.</param>
    /// <param name="step">How long a bucket is.</param>
    public Timeline(TimeSpan length, TimeSpan step)
    {
        _step = step;
        _buckets = new TimelineBucket[(int)Math.Ceiling(length / step)];
        for (var i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] = new TimelineBucket();
        }
    }

    /// <summary>The buckets, in their order.</summary>
    public IReadOnlyList<TimelineBucket> Buckets => _buckets;

    /// <summary>Failed checks whose key had been decided before they were sent.</summary>
    public long FailedSeen { get; private set; }

    /// <summary>How often checks failed for which reason.</summary>
    public IReadOnlyDictionary<string, long> Failures => _failures;

    /// <summary>Whether a key has been decided by now: to be asked when a check is sent.</summary>
    public bool HasSeen(uint key)
    {
        lock (_lock)
        {
            return _seen.Contains(key);
        }
    }

    /// <summary>Adds a check.</summary>
    /// <param name="due">When it was due, from the beginning of the run.</param>
    /// <param name="latency">From then until its outcome.</param>
    /// <param name="key">Its key.</param>
    /// <param name="seen">What <see cref="HasSeen"/> said when it was sent.</param>
    /// <param name="outcome">Its outcome.</param>
    public void Add(TimeSpan due, TimeSpan latency, uint key, bool seen, CheckOutcome outcome)
    {
        lock (_lock)
        {
            _buckets[Math.Clamp((int)(due / _step), 0, _buckets.Length - 1)].Add(outcome.Succeeded, latency);
            if (outcome.Failure is not { } failure)
            {
                _seen.Add(key);
                return;
            }

            _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
            FailedSeen += seen ? 1 : 0;
        }
    }

    /// <summary>What was seen from one moment to another, by buckets that begin in between.</summary>
    public TimelineBucket Between(TimeSpan begin, TimeSpan end)
    {
        var total = new TimelineBucket();
        for (var i = 0; i < _buckets.Length; i++)
        {
            if (i * _step >= begin && i * _step < end)
            {
                total.Add(_buckets[i]);
            }
        }

        return total;
    }
}
