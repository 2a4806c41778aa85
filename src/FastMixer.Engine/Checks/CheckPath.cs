using System.Runtime.CompilerServices;
using FastMixer.Engine.Backends;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Generators;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Checks;

/// <summary>
/// The way of a check through the rules: what the policy adds to the request, then those rules of its namespace that it can match in order, for each
/// that matches its handlers, then, where it is allowed, header operations and quotas. Handlers that do not answer from memory are asked all at once.
/// Completes at once, without allocation, when every handler answers from memory.
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
    public ValueTask DecideAsync(CheckCall call)
    {
        call.Answers.Begin(counters);
        return call.Snapshot.Policy.Generators.Any ? GenerateAndAskAsync(call) : AskRulesAsync(call);
    }

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
        if (call.Request.QuotaCount > 0)
        {
            call.Grants.NoteGenerators(call.Context);
        }

        if (failure is null)
        {
            await AskRulesAsync(call).ConfigureAwait(false);
        }
        else
        {
            call.Answers.AddError(failure.Rule, failure.Reason);
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
                    Dispatch(candidate.Rule, call);
                    break;
                case RuleMatch.Result.Error when candidate.Rule.OnError is ErrorPolicy.Deny or ErrorPolicy.Allow:
                    call.Answers.AddError(
                        candidate.Rule, $"its match could not be evaluated: {call.Context.Error.Describe(call.Snapshot.Policy.Vocabulary)}");
                    break;
                default:
                    break;
            }
        }

        if (call.Answers.IsHeldUp)
        {
            await call.Answers.FinishAsync().ConfigureAwait(false);
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
        GeneratedReferences rewriting = call.Snapshot.Policy.Generators.References;
        rewriting.Rewrite(call.Context.References, call.Generated.Added);
        call.Grants.Rewrite(rewriting, call.Generated.Added, call.Request.QuotaCount);
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

    // Asks all handlers of a rule, and waits for none.
    private void Dispatch(Rule rule, CheckCall call)
    {
        call.Answers.BeginRule(rule);
        for (int i = 0; i < rule.Actions.Count && !call.Answers.IsRuleIgnored; i++)
        {
            if (rule.Actions[i].Instance.Template.Variety == Variety.Check)
            {
                Ask(rule, rule.Actions[i], call);
            }
        }

        call.Answers.EndRule(rule);
    }

    private void Ask(Rule rule, RuleAction action, CheckCall call)
    {
        if (!call.Values.TryEvaluate(action.Instance, call.Context, out int field))
        {
            counters.CountError(rule, RuleError.Instance);
            call.Answers.AddError(rule, DescribeInstance(action.Instance, field, call));
            return;
        }

        BackendHandler? backend = call.Snapshot.Backends[action.Handler];
        ValueTask<HandlerAnswer> answer = backend is not null
            ? backend.AskAsync(call.Values, call.Deadline, call.IsRenewal, call.Answers.Room)
            : AskMemoryAsync((ICheckHandler)call.Snapshot.Handlers[action.Handler], call.Values);
        call.InvolvesBackend |= backend is not null || !answer.IsCompleted;
        call.Answers.AddAnswer(rule, call.Snapshot.Policy.Handlers[action.Handler], answer);
    }

    // A handler that answers from memory may take its time nevertheless.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<HandlerAnswer> AskMemoryAsync(ICheckHandler handler, InstanceValues values)
    {
        try
        {
            return new HandlerAnswer(await handler.CheckAsync(values, CancellationToken.None).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Whatever a handler throws, the check gets an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return HandlerAnswer.Failed(exception.Message);
        }
    }

    private static string DescribeInstance(Instance instance, int field, CheckCall call) =>
        $"the instance {instance.FullName} could not be evaluated: {instance.Fields[field].Key ?? instance.Fields[field].Path}: "
        + call.Context.Error.Describe(call.Snapshot.Policy.Vocabulary);
}
