using System.Runtime.CompilerServices;
using System.Text;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;

namespace FastMixer.Engine.Checks;

/// <summary>Grants the quotas of a check that the rules allow. Each is answered by the first rule for it that matches.</summary>
internal sealed class QuotaPath(EngineCounters counters)
{
    // What nobody limits is granted.
    private static readonly TimeSpan UnlimitedDuration = TimeSpan.FromMinutes(1);

    /// <summary>Grants every quota that a call asks for.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask GrantAsync(CheckCall call)
    {
        for (int i = 0; i < call.Request.QuotaCount; i++)
        {
            call.Grant(i, await AllocateAsync(i, call).ConfigureAwait(false));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QuotaResult> AllocateAsync(int quota, CheckCall call)
    {
        call.Request.GetQuota(quota, out ReadOnlySpan<byte> name, out long amount, out bool bestEffort);
        var arguments = new QuotaArguments(amount, bestEffort, call.Request.DeduplicationIdMemory);
        if (!call.Snapshot.Policy.TryFindQuota(name, out RuleScope? scope))
        {
            return new QuotaResult(amount, UnlimitedDuration);
        }

        scope.Find(call.Context).Find(call.Context, call.Candidates);
        for (int i = 0; i < call.Candidates.Count; i++)
        {
            RuleAction action = FindAction(call.Candidates[i].Rule, quota, call);
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

    private static RuleAction FindAction(Rule rule, int quota, CheckCall call)
    {
        call.Request.GetQuota(quota, out ReadOnlySpan<byte> name, out _, out _);
        for (int i = 0; i < rule.Actions.Count; i++)
        {
            Instance instance = rule.Actions[i].Instance;
            if (instance.Template.Variety == Variety.Quota && Ascii.EqualsIgnoreCase(instance.Utf8Name.Span, name))
            {
                return rule.Actions[i];
            }
        }

        throw new InvalidOperationException($"{rule.Name} was found for a quota that it does not name.");
    }
}
