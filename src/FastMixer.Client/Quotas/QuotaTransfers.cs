using FastMixer.Caching.Keys;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>Moves amounts from servers into pools ahead of demand, and back. Every amount ends in one of the counts. Any thread may call any member.</summary>
/// <param name="asking">Asks servers.</param>
/// <param name="sets">What grants depended on.</param>
/// <param name="books">All pools.</param>
/// <param name="counters">Told of all amounts.</param>
/// <param name="clock">The clock.</param>
/// <param name="origin">From when times are counted, as a timestamp.</param>
internal sealed class QuotaTransfers(QuotaAsking asking, QuotaSets sets, QuotaBooks books, QuotaCounters counters, TimeProvider clock, long origin)
{
    private TimeSpan Now => clock.GetElapsedTime(origin);

    /// <summary>Asks for an amount ahead of demand, which lands in the pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="amount">How much.</param>
    public void Prefetch(QuotaPool pool, long amount)
    {
        counters.Prefetch();
        TimeSpan asked = Now;
        asking.Start(pool, new QuotaRequest(pool.Name, amount, BestEffort: true), verdict => Land(pool, verdict, asked));
    }

    /// <summary>Gives an amount back.</summary>
    /// <param name="pool">The pool that had it.</param>
    /// <param name="amount">How much; nothing is done for 0.</param>
    public void GiveBack(QuotaPool pool, long amount)
    {
        if (amount > 0)
        {
            asking.Start(pool, new QuotaRequest(pool.Name, -amount), verdict => NoteGivenBack(verdict, amount));
        }
    }

    private void Land(QuotaPool pool, Verdict? verdict, TimeSpan asked)
    {
        TimeSpan now = Now;
        QuotaGrant? grant = verdict is { IsAllowed: true, Quotas.Count: 1 } ? verdict.Quotas[0] : null;
        if (grant is not null && sets.TryGet(grant, out ReferenceSet? set) && set == pool.Set)
        {
            pool.Land(grant.Granted, grant.ValidDuration, asked, now);
            return;
        }

        counters.FailPrefetch();
        pool.Fail(isDenied: verdict is not null, now);
        if (grant is { Granted: > 0 })
        {
            ReturnForeign(pool, grant);
        }
    }

    // It was taken from another amount than what the pool stands for: the policy has changed. The next check that asks will tell what it goes by.
    private void ReturnForeign(QuotaPool pool, QuotaGrant grant)
    {
        counters.Grant(grant.Granted);
        books.Outdate(pool);
        if (grant.ValidDuration > TimeSpan.Zero)
        {
            counters.Expire(grant.Granted);
        }
        else
        {
            GiveBack(pool, grant.Granted);
        }
    }

    private void NoteGivenBack(Verdict? verdict, long amount)
    {
        long givenBack = verdict is { IsAllowed: true, Quotas.Count: 1 } ? Math.Clamp(-verdict.Quotas[0].Granted, 0, amount) : 0;
        counters.GiveBack(givenBack);
        counters.Lose(amount - givenBack);
    }
}
