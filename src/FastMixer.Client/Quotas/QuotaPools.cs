using System.Diagnostics.CodeAnalysis;
using FastMixer.Caching.Keys;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Timing;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>
/// Amounts of quotas taken ahead by recent demand, so that a check whose verdict is kept need not ask a server for them. Nothing is handed out that no server has granted: while a pool is
/// empty, checks go to servers with their exact amounts. An amount granted for a time is handed out only while that lasts, counted from before it was asked for, so that the limit of a window
/// with fixed ends holds at any moment; over a window that slides, what was held at its beginning may come on top. Any thread may call any member.
/// </summary>
internal sealed class QuotaPools : IQuotas, IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly QuotaOptions _options;
    private readonly AttributeSpace _space;
    private readonly AttributeEncoder _encoder;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly QuotaCounters _counters = new();
    private readonly QuotaAsking _asking;
    private readonly QuotaSets _sets;
    private readonly QuotaBooks _books;
    private readonly QuotaTransfers _transfers;
    private readonly ITimer _sweepTimer;
    private int _sweepArmed;
    private volatile bool _isDisposed;

    /// <summary>No pools yet.</summary>
    /// <param name="options">How much to take ahead; valid.</param>
    /// <param name="space">What slots mean, and the base that servers know already.</param>
    /// <param name="fleet">The servers; outlives this.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="timeout">How long servers may take to grant an amount ahead, or to take one back.</param>
    public QuotaPools(QuotaOptions options, AttributeSpace space, IFleet fleet, TimeProvider clock, TimeSpan timeout)
    {
        _options = options;
        _space = space;
        _encoder = new AttributeEncoder(space.Vocabulary);
        _clock = clock;
        _origin = clock.GetTimestamp();
        _asking = new QuotaAsking(fleet, clock, timeout);
        _sets = new QuotaSets(space.Vocabulary);
        _books = new QuotaBooks(options.MaxPools);
        _transfers = new QuotaTransfers(_asking, _sets, _books, _counters, clock, _origin);
        _sweepTimer = clock.CreateStoppedTimer(Sweep);
    }

    /// <summary>What was counted so far.</summary>
    public QuotaCounts Counts => _counters.Read(_books.Count);

    private TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>
    /// Takes quotas without asking a server: all of them, or none. No lock is held while another is waited for. Allocates nothing for one quota whose amount is as that of the check before.
    /// </summary>
    /// <param name="bag">The request, which is allowed.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="grants">
    /// What was granted, for as long as its server told; where servers have just denied as much of one, 0 of each. Null if a server is to be asked.
    /// </param>
    /// <returns>Whether no server need be asked.</returns>
    public bool TryTake(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, [NotNullWhen(true)] out IReadOnlyList<QuotaGrant>? grants)
    {
        grants = null;
        if (!_options.Prefetch || _isDisposed || quotas.Count == 0)
        {
            return false;
        }

        return quotas.Count == 1 ? TryTakeOne(bag, quotas[0], out grants) : TryTakeAll(bag, quotas, out grants);
    }

    /// <summary>Learns from a server's answer to a check which quotas its requests share, and begins to take ahead of them.</summary>
    /// <param name="bag">The request.</param>
    /// <param name="quotas">What it asked for.</param>
    /// <param name="verdict">The answer.</param>
    public void Learn(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, Verdict verdict)
    {
        if (!_options.Prefetch || _isDisposed || !verdict.IsAllowed || verdict.Quotas.Count != quotas.Count)
        {
            return;
        }

        TimeSpan now = Now;
        for (int i = 0; i < quotas.Count; i++)
        {
            if (quotas[i].Amount > 0 && _sets.TryGet(verdict.Quotas[i], out ReferenceSet? set))
            {
                Learn(bag, quotas[i], verdict.Quotas[i].Granted, set, now);
            }
        }
    }

    /// <summary>Hands out nothing any more, and gives back what does not expire by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _sweepTimer.DisposeAsync().ConfigureAwait(false);
        QuotaPool[] pools = [.. _books.Pools];
        Array.ForEach(pools, static pool => pool.Close());
        do
        {
            // What is about to ask is not waited for by anything else; it asks soon.
            await Task.Yield();
            await _asking.WaitAsync().ConfigureAwait(false);
        }
        while (pools.Any(static pool => pool.IsAsking));

        foreach (QuotaPool pool in pools)
        {
            _transfers.GiveBack(pool, pool.TakeRest());
        }

        await _asking.WaitAsync().ConfigureAwait(false);
    }

    private bool TryTakeOne(AttributeBag bag, QuotaRequest quota, out IReadOnlyList<QuotaGrant>? grants)
    {
        grants = null;
        if (_books.Find(bag, quota) is not { } pool)
        {
            return false;
        }

        PoolAnswer answer = pool.TryTake(quota.Amount, quota.BestEffort, Now, out PoolShare share);
        if (answer == PoolAnswer.Denied)
        {
            _counters.Deny();
        }

        grants = answer == PoolAnswer.Ask ? null : pool.GrantsOf(share);
        return answer != PoolAnswer.Ask;
    }

    private bool TryTakeAll(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, out IReadOnlyList<QuotaGrant>? grants)
    {
        grants = null;
        var pools = new QuotaPool[quotas.Count];
        for (int i = 0; i < quotas.Count; i++)
        {
            if (_books.Find(bag, quotas[i]) is not { } pool)
            {
                return false;
            }

            pools[i] = pool;
        }

        var taken = new QuotaGrant[quotas.Count];
        var shares = new PoolShare[quotas.Count];
        bool asks = false;
        bool isDenied = false;
        TimeSpan now = Now;
        for (int i = 0; i < quotas.Count; i++)
        {
            PoolAnswer answer = pools[i].TryTake(quotas[i].Amount, quotas[i].BestEffort, now, out shares[i]);
            taken[i] = new QuotaGrant(quotas[i].Name, shares[i].Amount, shares[i].Told);
            asks |= answer == PoolAnswer.Ask;
            isDenied |= answer == PoolAnswer.Denied;
        }

        if (asks || isDenied)
        {
            PutBack(pools, shares);
            taken = [.. quotas.Select(static quota => new QuotaGrant(quota.Name, 0, TimeSpan.Zero))];
        }

        if (isDenied)
        {
            _counters.Deny();
        }

        bool isAnswered = isDenied || !asks;
        grants = isAnswered ? taken : null;
        return isAnswered;
    }

    private static void PutBack(QuotaPool[] pools, PoolShare[] shares)
    {
        for (int i = 0; i < pools.Length; i++)
        {
            if (shares[i].Amount > 0)
            {
                pools[i].PutBack(shares[i]);
            }
        }
    }

    private void Learn(AttributeBag bag, QuotaRequest quota, long granted, ReferenceSet set, TimeSpan now)
    {
        QuotaPool? pool = _books.Find(bag, quota);
        bool isNew = pool is null || pool.Set != set;
        if (pool is not null && isNew)
        {
            _books.Outdate(pool);
        }

        pool = isNew ? Add(bag, quota.Name, set) : pool;
        if (pool is null)
        {
            return;
        }

        if (pool.NeedsAttributes)
        {
            pool.Renew(Encode(bag));
        }

        pool.NoteAnswer(quota, granted, isNew, now);
    }

    private QuotaPool? Add(AttributeBag bag, string name, ReferenceSet set)
    {
        Span<byte> room = stackalloc byte[QuotaBook.MaxKeyBytes];
        if (_books.IsFull || set.TryWriteKey(bag, room, out int length) != KeyResult.Written)
        {
            return null;
        }

        QuotaPool? added = _books.Add(new QuotaPool(name, set, room[..length].ToArray(), Encode(bag), _options, _counters, _transfers.Prefetch));
        ArmSweep();
        if (_isDisposed)
        {
            // Whoever ends this may have looked for pools before: what this one got would be nobody's to give back.
            added?.Close();
        }

        return added;
    }

    private byte[] Encode(AttributeBag bag)
    {
        using var buffer = new PooledBuffer();
        _encoder.WriteMap(buffer, bag, _space.Base);
        return buffer.Written.ToArray();
    }

    private void ArmSweep()
    {
        if (!_isDisposed && Interlocked.Exchange(ref _sweepArmed, 1) == 0)
        {
            _sweepTimer.Change(SweepPeriod, Timeout.InfiniteTimeSpan);
        }
    }

    // Runs alone: the timer fires once, and is armed again by the sweep itself or by whoever adds the first pool.
    private void Sweep()
    {
        TimeSpan now = Now;
        foreach (QuotaPool pool in _books.Pools)
        {
            _transfers.GiveBack(pool, pool.TakeUnneeded(now));
            if (pool.TryForget(now) && !_isDisposed)
            {
                _books.Remove(pool);
            }
        }

        Interlocked.Exchange(ref _sweepArmed, 0);
        if (_books.Count > 0)
        {
            ArmSweep();
        }
    }
}
