using System.Runtime.CompilerServices;
using System.Text;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;

namespace FastMixer.Engine.Checks;

/// <summary>
/// Grants the quotas of a check that the rules allow: those it asks for, or else those that the policy charges it. Each is answered by the
/// first rule for it that matches.
/// </summary>
internal sealed class QuotaPath(EngineCounters counters)
{
    // What nobody limits is granted.
    private static readonly TimeSpan UnlimitedDuration = TimeSpan.FromMinutes(1);

    /// <summary>Grants every quota that a call asks for.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask GrantAsync(CheckCall call)
    {
        call.Grants.Begin(call.Context);
        for (int i = 0; i < call.Request.QuotaCount; i++)
        {
            call.Request.GetQuota(i, out ReadOnlySpan<byte> name, out long amount, out bool bestEffort);
            call.Snapshot.Policy.TryFindQuota(name, out QuotaScope? scope);
            call.Grants.BeginQuota(call.Context);
            call.Grants.Add(i, await AllocateAsync(scope, amount, bestEffort, call).ConfigureAwait(false), call.Context);
        }

        call.Grants.End(call.Context);
    }

    /// <summary>Charges a call that asks for no quota what the policy says it costs, and denies it if that is not to be had.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ChargeAsync(CheckCall call)
    {
        call.Charges.Reset();
        call.Snapshot.Policy.Charges.Find(call.Context).Find(call.Context, call.Candidates);
        for (int i = 0; i < call.Candidates.Count; i++)
        {
            if (RuleMatch.Evaluate(call.Candidates[i].Rule, call.Candidates[i].Rest, call.Context, counters) == RuleMatch.Result.Match)
            {
                call.Charges.Add(call.Candidates[i].Rule.Charges);
            }
        }

        for (int i = 0; i < call.Charges.Count; i++)
        {
            (QuotaCharge charge, long amount) = call.Charges[i];
            call.Snapshot.Policy.TryFindQuota(charge.Utf8Quota.Span, out QuotaScope? scope);
            QuotaResult result = await AllocateAsync(scope, amount, bestEffort: false, call).ConfigureAwait(false);
            call.Verdict.AddCharge(charge.Utf8Quota.Span, isExhausted: result.Granted < amount);
        }
    }

    // Without a scope, no rule limits the quota.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QuotaResult> AllocateAsync(QuotaScope? scope, long amount, bool bestEffort, CheckCall call)
    {
        if (scope is null)
        {
            return new QuotaResult(amount, UnlimitedDuration);
        }

        var arguments = new QuotaArguments(amount, bestEffort, call.Request.DeduplicationIdMemory);
        scope.Rules.Find(call.Context).Find(call.Context, call.Candidates);
        for (int i = 0; i < call.Candidates.Count; i++)
        {
            RuleAction action = FindAction(call.Candidates[i].Rule, scope);
            if (await TryAskAsync(call.Candidates[i], action, arguments, call).ConfigureAwait(false) is { } result)
            {
                return result;
            }
        }

        return new QuotaResult(amount, UnlimitedDuration);
    }

    // What a rule grants, or null if it is not for this request.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QuotaResult?> TryAskAsync(RuleCandidate candidate, RuleAction action, QuotaArguments arguments, CheckCall call)
    {
        Rule rule = candidate.Rule;
        switch (RuleMatch.Evaluate(rule, candidate.Rest, call.Context, counters))
        {
            case RuleMatch.Result.NoMatch:
                return null;
            case RuleMatch.Result.Error:
                return rule.OnError is ErrorPolicy.Unspecified ? null : AnswerError(rule.OnError, arguments);
            default:
                break;
        }

        if (!call.Values.TryEvaluate(action.Instance, call.Context, out _))
        {
            counters.CountError(rule, RuleError.Instance);
            return AnswerError(rule.OnError, arguments);
        }

        try
        {
            return await ((IQuotaHandler)call.Snapshot.Handlers[action.Handler])
                .AllocateAsync(call.Values, arguments, CancellationToken.None)
                .ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws, the check gets an answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            counters.CountError(rule, RuleError.Handler);
            return AnswerError(rule.OnErrorOf(call.Snapshot.Policy.Handlers[action.Handler]), arguments);
        }
    }

    // A quota that cannot be asked for is not granted, unless the operator chose otherwise; the check itself stands.
    private static QuotaResult? AnswerError(ErrorPolicy policy, QuotaArguments arguments) => policy switch
    {
        ErrorPolicy.Allow => new QuotaResult(arguments.Amount, TimeSpan.Zero),
        ErrorPolicy.IgnoreRule => null,
        _ => default(QuotaResult),
    };

    private static RuleAction FindAction(Rule rule, QuotaScope scope)
    {
        for (int i = 0; i < rule.Actions.Count; i++)
        {
            Instance instance = rule.Actions[i].Instance;
            if (instance.Template.Variety == Variety.Quota && Ascii.EqualsIgnoreCase(instance.Utf8Name.Span, scope.Utf8Name.Span))
            {
                return rule.Actions[i];
            }
        }

        throw new InvalidOperationException($"{rule.Name} was found for a quota that it does not name.");
    }
}
