using FastMixer.Caching.Keys;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>
/// What is held of one quota of some requests: of those that agree in all that decides from which amount a server takes. Handed out first in, first out, and nothing that no server has
/// granted. All threads share it, under one short lock. It is the work item that asks for more.
/// </summary>
/// <param name="name">The quota's name.</param>
/// <param name="set">What decides.</param>
/// <param name="key">The values of that.</param>
/// <param name="attributes">Those of a request that takes from it, encoded.</param>
/// <param name="options">How much to hold.</param>
/// <param name="counters">Told of all amounts.</param>
/// <param name="prefetch">Asks for an amount ahead, in the thread pool.</param>
internal sealed class QuotaPool(
    string name, ReferenceSet set, byte[] key, byte[] attributes, QuotaOptions options, QuotaCounters counters, Action<QuotaPool, long> prefetch) : IThreadPoolWorkItem
{
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly QuotaTokens _tokens = new();
    private readonly DemandWindow _demand = new();
    private readonly RecentDenial _denial = new(options.DenyFor);
    private QuotaGrant[] _lastGrants = [];
    private byte[] _attributes = attributes;
    private TimeSpan _neededAt;
    private TimeSpan _pausedUntil;
    private long _asking;
    private bool _expires;
    private bool _isClosed;
    private bool _needsAttributes;

    /// <summary>The quota's name.</summary>
    public string Name => name;

    /// <summary>What decides from which amount a server takes.</summary>
    public ReferenceSet Set => set;

    /// <summary>The values of what decides. Never changes.</summary>
    public byte[] Key => key;

    /// <summary>What leads to its server.</summary>
    public ulong Route { get; } = set.Route(key);

    /// <summary>Whether a server is asked for an amount ahead, or will be.</summary>
    public bool IsAsking => Interlocked.Read(ref _asking) > 0;

    /// <summary>The attributes beyond the base of a request that takes from it, encoded. Never changed, but replaced.</summary>
    public byte[] Attributes => Volatile.Read(ref _attributes);

    /// <summary>Whether other attributes are wanted: with those that it has, nothing was to be had.</summary>
    public bool NeedsAttributes => Volatile.Read(ref _needsAttributes);

    /// <summary>Takes an amount if it is there, and sees to it that more comes if little is left.</summary>
    /// <param name="amount">How much, above 0.</param>
    /// <param name="bestEffort">Whether less will do.</param>
    /// <param name="now">The time.</param>
    /// <param name="share">What was taken.</param>
    public PoolAnswer TryTake(long amount, bool bestEffort, TimeSpan now, out PoolShare share)
    {
        PoolAnswer answer;
        bool prefetches;
        lock (_lock)
        {
            Expire(now);
            _demand.Add(amount, now);
            long given = _isClosed ? 0 : _tokens.Available >= amount ? amount : bestEffort ? _tokens.Available : 0;
            share = given > 0 ? Take(given) : default;
            answer = given > 0 ? PoolAnswer.Taken : !_isClosed && _denial.Covers(bestEffort ? 1 : amount, now) ? PoolAnswer.Denied : PoolAnswer.Ask;
            prefetches = BeginsPrefetch(now);
        }

        Start(prefetches);
        return answer;
    }

    /// <summary>Takes back what was handed out and not used.</summary>
    /// <param name="share">What was handed out.</param>
    public void PutBack(in PoolShare share)
    {
        lock (_lock)
        {
            counters.Take(-share.Amount);
            if (!_isClosed)
            {
                _tokens.Add(share.Amount, share.Expiry, share.Told);
            }
            else if (_expires)
            {
                counters.Expire(share.Amount);
            }
            else
            {
                counters.Lose(share.Amount);
            }
        }
    }

    /// <summary>Notes what a server has answered to a check that did not get its amount here.</summary>
    /// <param name="quota">What was asked for.</param>
    /// <param name="granted">What was granted.</param>
    /// <param name="isNew">Whether the pool was not there when the check came.</param>
    /// <param name="now">The time.</param>
    public void NoteAnswer(QuotaRequest quota, long granted, bool isNew, TimeSpan now)
    {
        bool prefetches;
        lock (_lock)
        {
            if (isNew)
            {
                _demand.Add(quota.Amount, now);
                _neededAt = now;
            }

            if (granted <= 0)
            {
                _denial.Note(quota.BestEffort ? 1 : quota.Amount, now);
            }

            prefetches = granted > 0 && BeginsPrefetch(now);
        }

        Start(prefetches);
    }

    /// <summary>Asks with other attributes from now on.</summary>
    /// <param name="encoded">Those of a request that takes from this pool; the pool's.</param>
    public void Renew(byte[] encoded)
    {
        Volatile.Write(ref _attributes, encoded);
        Volatile.Write(ref _needsAttributes, false);
    }

    /// <summary>Takes in what was granted ahead.</summary>
    /// <param name="granted">How much.</param>
    /// <param name="told">For how long; zero until it is given back.</param>
    /// <param name="asked">When it was asked for: no server has granted it before.</param>
    /// <param name="now">The time.</param>
    public void Land(long granted, TimeSpan told, TimeSpan asked, TimeSpan now)
    {
        lock (_lock)
        {
            long wanted = _asking;
            _asking = 0;
            granted = Math.Clamp(granted, 0, wanted);
            counters.Grant(granted);
            if (told > TimeSpan.Zero && !_expires)
            {
                // What was granted without an end was not meant so: a server that can't ask its backend grants like that too.
                _expires = true;
                ExpireAll();
            }

            // Of a quota with an end, one whose time is told as zero is over.
            _tokens.Add(granted, _expires ? asked + told : TimeSpan.MaxValue, told);
            Expire(now);
            _pausedUntil = granted < wanted ? now + options.DenyFor : TimeSpan.Zero;
            if (granted == 0)
            {
                _denial.Note(1, now);
            }
        }
    }

    /// <summary>Notes that nothing came of asking ahead.</summary>
    /// <param name="isDenied">Whether the policy denied the request that was asked with.</param>
    /// <param name="now">The time.</param>
    public void Fail(bool isDenied, TimeSpan now)
    {
        lock (_lock)
        {
            _asking = 0;
            _pausedUntil = now + FailurePause;
            _needsAttributes |= isDenied;
        }
    }

    /// <summary>Takes out what demand has not needed for a while, and no time ends.</summary>
    /// <param name="now">The time.</param>
    /// <returns>How much is to be given back.</returns>
    public long TakeUnneeded(TimeSpan now)
    {
        lock (_lock)
        {
            Expire(now);
            long demand = _demand.Sum(now);
            long needed = demand == 0 ? 0 : Desired(demand);
            if (_tokens.Available <= needed * 2)
            {
                _neededAt = now;
                return 0;
            }

            return _expires || now - _neededAt < options.IdleTime ? 0 : TakeOut(_tokens.Available - needed);
        }
    }

    /// <summary>Hands out nothing any more, if it has nothing and nobody has asked for a while.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether it does not.</returns>
    public bool TryForget(TimeSpan now)
    {
        lock (_lock)
        {
            _isClosed |= _asking == 0 && _tokens.Available == 0 && now - _demand.Last >= options.IdleTime;
            return _isClosed;
        }
    }

    /// <summary>Hands out nothing any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    /// <summary>Takes out all that is left of a closed pool: what expires by itself counts as expired.</summary>
    /// <returns>How much is to be given back.</returns>
    public long TakeRest()
    {
        lock (_lock)
        {
            if (_expires)
            {
                ExpireAll();
            }

            return TakeOut(_tokens.Available);
        }
    }

    /// <summary>The grants of a check that took from this pool alone. Allocates only where the last one took another amount.</summary>
    /// <param name="share">What it took.</param>
    public IReadOnlyList<QuotaGrant> GrantsOf(in PoolShare share)
    {
        QuotaGrant[] last = Volatile.Read(ref _lastGrants);
        if (last.Length == 0 || last[0].Granted != share.Amount || last[0].ValidDuration != share.Told)
        {
            last = [new QuotaGrant(name, share.Amount, share.Told)];
            Volatile.Write(ref _lastGrants, last);
        }

        return last;
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => prefetch(this, Interlocked.Read(ref _asking));

    private void Start(bool prefetches)
    {
        if (prefetches)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private PoolShare Take(long amount)
    {
        (TimeSpan expiry, TimeSpan told) = _tokens.Take(amount);
        counters.Take(amount);
        return new PoolShare(amount, expiry, told);
    }

    private long TakeOut(long amount)
    {
        if (amount > 0)
        {
            _tokens.Take(amount);
        }

        return amount;
    }

    private bool BeginsPrefetch(TimeSpan now)
    {
        long desired = Desired(_demand.Sum(now));
        if (_asking > 0 || _isClosed || _needsAttributes || now < _pausedUntil || _tokens.Available * 2 >= desired)
        {
            return false;
        }

        _asking = desired - _tokens.Available;
        return true;
    }

    private long Desired(long demand) => Math.Clamp(demand, options.LeastAhead, options.MostAhead);

    private void Expire(TimeSpan now) => counters.Expire(_tokens.Expire(now));

    private void ExpireAll() => counters.Expire(TakeOut(_tokens.Available));
}
