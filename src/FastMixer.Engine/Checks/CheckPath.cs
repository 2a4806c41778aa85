using System.Runtime.CompilerServices;
using System.Text;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Checks;

/// <summary>
/// The way of a check through the rules: the rules of its namespace in order, for each that matches its handlers in order, then the quotas.
/// Completes at once, without allocation, when every handler answers from memory.
/// </summary>
internal sealed class CheckPath(EngineCounters counters)
{
    // What nobody limits is granted.
    private static readonly TimeSpan UnlimitedDuration = TimeSpan.FromMinutes(1);

    /// <summary>Answers a call.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AnswerAsync(CheckCall call)
    {
        call.Start();
        RuleSet rules = call.Snapshot.Policy.Scope(Variety.Check).Find(call.Context);
        for (int i = 0; i < rules.Rules.Count; i++)
        {
            if (Matches(rules.Rules[i], call))
            {
                await DispatchAsync(rules.Rules[i], call).ConfigureAwait(false);
            }
        }

        if (call.Failure is null && call.Verdict.Status == StatusCode.Ok)
        {
            for (int i = 0; i < call.Request.QuotaCount; i++)
            {
                call.Grant(i, await AllocateAsync(i, call).ConfigureAwait(false));
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DispatchAsync(Rule rule, CheckCall call)
    {
        for (int i = 0; i < rule.Actions.Count; i++)
        {
            RuleAction action = rule.Actions[i];
            if (action.Instance.Template.Variety != Variety.Check || !TryEvaluate(action, call))
            {
                continue;
            }

            HandlerDefinition handler = call.Snapshot.Policy.Handlers[action.Handler];
            try
            {
                CheckResult result = await ((ICheckHandler)call.Snapshot.Handlers[action.Handler])
                    .CheckAsync(call.Values, CancellationToken.None)
                    .ConfigureAwait(false);
                call.Verdict.Add(handler.Utf8DisplayName.Span, result);
            }
#pragma warning disable CA1031 // Whatever a handler throws, the check gets an answer.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                counters.CountHandlerError();
                call.Failure ??= $"the handler {handler.DisplayName} failed: {exception.Message}";
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<QuotaResult> AllocateAsync(int quota, CheckCall call)
    {
        call.Request.GetQuota(quota, out ReadOnlySpan<byte> _, out long amount, out bool bestEffort);
        RuleSet rules = call.Snapshot.Policy.Scope(Variety.Quota).Find(call.Context);
        for (int i = 0; i < rules.Rules.Count; i++)
        {
            RuleAction? action = FindQuota(rules.Rules[i], quota, call);
            if (action is null || !Matches(rules.Rules[i], call))
            {
                continue;
            }

            if (!TryEvaluate(action, call))
            {
                // A quota that cannot be asked for is not granted; the check itself stands.
                call.Failure = null;
                return default;
            }

            var arguments = new QuotaArguments(amount, bestEffort, call.Request.DeduplicationIdMemory);
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
                counters.CountHandlerError();
                return default;
            }
        }

        return new QuotaResult(amount, UnlimitedDuration);
    }

    private static RuleAction? FindQuota(Rule rule, int quota, CheckCall call)
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

        return null;
    }

    private bool Matches(Rule rule, CheckCall call)
    {
        if (rule.Match is null)
        {
            return true;
        }

        bool evaluated = rule.Match.TryEvaluate(call.Context, out bool matches);
        if (!evaluated)
        {
            counters.CountMatchError();
        }

        call.Context.ReleaseScratch();
        return matches;
    }

    private bool TryEvaluate(RuleAction action, CheckCall call)
    {
        if (call.Values.TryEvaluate(action.Instance, call.Context, out int field))
        {
            return true;
        }

        counters.CountInstanceError();
        InstanceField failed = action.Instance.Fields[field];
        call.Failure ??= $"the instance {action.Instance.FullName} could not be evaluated: {failed.Key ?? failed.Path}: "
            + call.Context.Error.Describe(call.Snapshot.Policy.Vocabulary);
        return false;
    }
}
