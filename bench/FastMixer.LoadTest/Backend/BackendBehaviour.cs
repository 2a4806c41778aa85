namespace FastMixer.LoadTest.Backend;

/// <summary>Decides what becomes of each request, and counts. For any thread.</summary>
internal sealed class BackendBehaviour(BackendOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Random _random = new(options.Seed);
    private long? _begun;
    private long _answered;
    private long _failed;
    private long _down;

    /// <summary>What has been counted so far.</summary>
    public BackendStatistics Statistics
    {
        get
        {
            lock (_lock)
            {
                return new BackendStatistics(_answered, _failed, _down);
            }
        }
    }

    /// <summary>Begins anew, as if nothing had been asked yet: the counts, the failures, and the clock of the outages.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _random = new Random(options.Seed);
            _begun = null;
            (_answered, _failed, _down) = (0, 0, 0);
        }
    }

    /// <summary>What becomes of a request that has just come. The first one starts the clock of the outages.</summary>
    public Fate Decide()
    {
        lock (_lock)
        {
            _begun ??= time.GetTimestamp();
            if (options.Outages.IsDown(time.GetElapsedTime(_begun.Value)))
            {
                _down++;
                return Fate.Down;
            }

            if (_random.NextDouble() >= options.Availability)
            {
                _failed++;
                return Fate.Fail;
            }

            _answered++;
            return Fate.Answer;
        }
    }
}
