using System.Runtime.CompilerServices;
using FastMixer.Engine.Checks;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Verdicts;

/// <summary>
/// The way of a check where verdicts are kept: found, it is answered at once on the calling thread, without allocation, or goes on to its quotas; not found, it
/// goes the way of rules and handlers, and what they say is kept.
/// </summary>
internal sealed class VerdictPath(CheckPath checks, VerdictCache cache, VerdictRenewals renewals)
{
    /// <summary>Answers a call, and gives its lease back.</summary>
    public ValueTask AnswerAsync(CheckCall call)
    {
        call.Start();
        if (!cache.TryFind(call))
        {
            return FindAsync(call);
        }

        if (call.Kept.IsDue)
        {
            renewals.Offer(call);
        }

        if (call.TakesQuotas)
        {
            return TakeQuotasAsync(call);
        }

        call.IsAnswerTooLarge = call.Verdict.Status == StatusCode.Ok && !call.FitsAllowed();
        call.End();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FindAsync(CheckCall call)
    {
        try
        {
            await checks.DecideAsync(call).ConfigureAwait(false);
            cache.Keep(call);
            await checks.TakeQuotasAsync(call).ConfigureAwait(false);
        }
        finally
        {
            call.End();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeQuotasAsync(CheckCall call)
    {
        try
        {
            call.NoteKeptReferences();
            call.IsAnswerTooLarge = !call.FitsAllowed();
            await checks.TakeQuotasAsync(call).ConfigureAwait(false);
        }
        finally
        {
            call.End();
        }
    }
}
