using System.Runtime.CompilerServices;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Generators;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Checks;

/// <summary>
/// The way of a check through the rules: what the policy adds to the request, then those rules of its namespace that it can match in order, for each that matches its handlers in order, then,
/// where it is allowed, header operations and quotas. Completes at once, without allocation, when every handler answers from memory.
/// </summary>
internal sealed class CheckPath(EngineCounters counters)
{
    private readonly GeneratorPath _generators = new(counters);
    private readonly QuotaPath _quotas = new(counters);

    /// <summary>Answers a call, and gives its lease back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AnswerAsync(CheckCall call)
    {
        try
        {
            call.Start();
            await DecideAsync(call).ConfigureAwait(false);
            await TakeQuotasAsync(call).ConfigureAwait(false);
        }
        finally
        {
            call.End();
        }
    }

    /// <summary>Comes to the verdict of a call that has started, all but its quotas.</summary>
    public ValueTask DecideAsync(CheckCall call) =>
        call.Snapshot.Policy.Generators.Any ? GenerateAndAskAsync(call) : AskRulesAsync(call);

    /// <summary>Takes the quotas of a call that has its verdict, if it is allowed and can be answered.</summary>
    public ValueTask TakeQuotasAsync(CheckCall call)
    {
        if (call.Failure is not null || !call.TakesQuotas || call.IsAnswerTooLarge)
        {
            return default;
        }

        return call.Snapshot.Policy.Generators.Any ? GrantGeneratedAsync(call) : GrantAsync(call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GenerateAndAskAsync(CheckCall call)
    {
        GeneratorFailure? failure = await _generators.RunAsync(call.Snapshot, call.Context, call.Generated).ConfigureAwait(false);
        if (failure is null)
        {
            await AskRulesAsync(call).ConfigureAwait(false);
        }
        else
        {
            TryAnswerError(failure.Rule.OnError, failure.Rule, failure.Reason, call);
        }

        call.Snapshot.Policy.Generators.References.Rewrite(call.Context.References, call.Generated.Added);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskRulesAsync(CheckCall call)
    {
        call.FindCandidates();
        for (int i = 0; i < call.Candidates.Count; i++)
        {
            RuleCandidate candidate = call.Candidates[i];
            switch (RuleMatch.Evaluate(candidate.Rule, candidate.Rest, call.Context, counters))
            {
                case RuleMatch.Result.Match:
                    await DispatchAsync(candidate.Rule, call).ConfigureAwait(false);
                    break;
                case RuleMatch.Result.Error when candidate.Rule.OnError is ErrorPolicy.Deny or ErrorPolicy.Allow:
                    string reason = $"its match could not be evaluated: {call.Context.Error.Describe(call.Snapshot.Policy.Vocabulary)}";
                    TryAnswerError(candidate.Rule.OnError, candidate.Rule, reason, call);
                    break;
                default:
                    break;
            }
        }

        if (call.Failure is null && call.Verdict.Status == StatusCode.Ok)
        {
            Direct(call);
        }
    }

    private ValueTask GrantAsync(CheckCall call) => call.Request.QuotaCount > 0 ? _quotas.GrantAsync(call) : _quotas.ChargeAsync(call);

    // Quotas look up what was added to the request too.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GrantGeneratedAsync(CheckCall call)
    {
        await GrantAsync(call).ConfigureAwait(false);
        call.Snapshot.Policy.Generators.References.Rewrite(call.Context.References, call.Generated.Added);
    }

    private void Direct(CheckCall call)
    {
        if (call.Directive.HasRules && !call.Directive.TryCompute(call.Context, counters))
        {
            call.Failure = $"the rules that match ask for more than {RouteDirective.MaxOperations} header operations";
            return;
        }

        call.IsAnswerTooLarge = !call.FitsAllowed();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DispatchAsync(Rule rule, CheckCall call)
    {
        VerdictBuilder.Mark before = call.Verdict.Save();
        string? failure = call.Failure;
        for (int i = 0; i < rule.Actions.Count; i++)
        {
            if (rule.Actions[i].Instance.Template.Variety == Variety.Check
                && !await TryAskAsync(rule, rule.Actions[i], call).ConfigureAwait(false))
            {
                call.Verdict.Restore(before);
                call.Failure = failure;
                return;
            }
        }

        if (rule.HeaderOperations.Count > 0)
        {
            call.Directive.Add(rule);
        }
    }

    // Asks one handler. False if an error makes the whole rule count as not matching.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryAskAsync(Rule rule, RuleAction action, CheckCall call)
    {
        if (!call.Values.TryEvaluate(action.Instance, call.Context, out int field))
        {
            counters.CountError(rule, RuleError.Instance);
            return TryAnswerError(rule.OnError, rule, DescribeInstance(action.Instance, field, call), call);
        }

        HandlerDefinition handler = call.Snapshot.Policy.Handlers[action.Handler];
        try
        {
            ValueTask<CheckResult> asked = ((ICheckHandler)call.Snapshot.Handlers[action.Handler]).CheckAsync(call.Values, CancellationToken.None);
            call.InvolvesBackend |= !asked.IsCompleted;
            CheckResult result = await asked.ConfigureAwait(false);
            call.Verdict.Add(handler.Utf8DisplayName.Span, result);
            return true;
        }
#pragma warning disable CA1031 // Whatever a handler throws, the check gets an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            counters.CountError(rule, RuleError.Handler);
            return TryAnswerError(rule.OnErrorOf(handler), rule, $"the handler {handler.DisplayName} failed: {exception.Message}", call);
        }
    }

    // Does what the operator chose. False if the whole rule is to count as not matching.
    private static bool TryAnswerError(ErrorPolicy policy, Rule rule, string reason, CheckCall call)
    {
        switch (policy)
        {
            case ErrorPolicy.Deny:
                call.Verdict.Add(rule.Utf8Name.Span, CheckResult.Create(StatusCode.PermissionDenied, reason, TimeSpan.Zero, 0));
                return true;
            case ErrorPolicy.Allow:
                call.Verdict.Add(rule.Utf8Name.Span, CheckResult.AllowedOnce);
                return true;
            case ErrorPolicy.IgnoreRule:
                return false;
            default:
                call.Failure ??= reason;
                return true;
        }
    }

    private static string DescribeInstance(Instance instance, int field, CheckCall call) =>
        $"the instance {instance.FullName} could not be evaluated: {instance.Fields[field].Key ?? instance.Fields[field].Path}: "
        + call.Context.Error.Describe(call.Snapshot.Policy.Vocabulary);
}
