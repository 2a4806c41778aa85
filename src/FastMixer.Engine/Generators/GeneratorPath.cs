using System.Runtime.CompilerServices;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Generators;

/// <summary>Why attributes could not be added to a request.</summary>
/// <param name="Rule">The rule that failed.</param>
/// <param name="Reason">What failed.</param>
internal sealed record GeneratorFailure(Rule Rule, string Reason);

/// <summary>
/// Adds attributes to a request before its rules are looked for: the generators of its namespace's rules are asked over the request as it came, and
/// what they give is bound to attributes that the request does not have. The first to set an attribute wins.
/// </summary>
internal sealed class GeneratorPath(EngineCounters counters)
{
    /// <summary>Adds attributes, and lets the context read them.</summary>
    /// <param name="snapshot">The configuration, of which a lease is held.</param>
    /// <param name="context">Reads the request; afterwards the request and what was added.</param>
    /// <param name="room">Takes what is added.</param>
    /// <returns>Null, or why the request cannot be answered.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<GeneratorFailure?> RunAsync(LiveSnapshot snapshot, EvaluationContext context, GeneratedAttributes room)
    {
        AttributeBag request = context.Attributes;
        room.Begin(request);
        snapshot.Policy.Generators.Scope.Find(context).Find(context, room.Candidates);
        for (int i = 0; i < room.Candidates.Count; i++)
        {
            RuleCandidate candidate = room.Candidates[i];
            RuleMatch.Result result = RuleMatch.Evaluate(candidate.Rule, candidate.Rest, context, counters);
            string? problem = result switch
            {
                RuleMatch.Result.Match => await AskAsync(candidate.Rule, snapshot, context, request, room).ConfigureAwait(false),
                RuleMatch.Result.Error when candidate.Rule.OnError == ErrorPolicy.Deny =>
                    $"its match could not be evaluated: {context.Error.Describe(snapshot.Policy.Vocabulary)}",
                _ => null,
            };
            context.Read(request);
            if (problem is not null && candidate.Rule.OnError is ErrorPolicy.Unspecified or ErrorPolicy.Deny)
            {
                return new GeneratorFailure(candidate.Rule, problem);
            }
        }

        context.Read(room.Added);
        return null;
    }

    // What failed, or null.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<string?> AskAsync(
        Rule rule, LiveSnapshot snapshot, EvaluationContext context, AttributeBag request, GeneratedAttributes room)
    {
        for (int i = 0; i < rule.Actions.Count; i++)
        {
            Instance instance = rule.Actions[i].Instance;
            if (instance.Template.Variety != Policy.Templates.Variety.AttributeGenerator)
            {
                continue;
            }

            context.Read(request);
            if (!room.Values.TryEvaluate(instance, context, out int field))
            {
                counters.CountError(rule, RuleError.Instance);
                return $"the instance {instance.FullName} could not be evaluated: {instance.Fields[field].Path}: {context.Error.Describe(snapshot.Policy.Vocabulary)}";
            }

            room.BeginOutput(request, snapshot.Policy.Generators.OutputSlots(instance.Template));
            if (await TryGenerateAsync(rule, rule.Actions[i], snapshot, room).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }

            if (!TryBind(instance, context, room))
            {
                counters.CountError(rule, RuleError.Instance);
                return $"a binding of the instance {instance.FullName} could not be evaluated: {context.Error.Describe(snapshot.Policy.Vocabulary)}";
            }
        }

        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<string?> TryGenerateAsync(Rule rule, RuleAction action, LiveSnapshot snapshot, GeneratedAttributes room)
    {
        try
        {
            await ((IAttributeGenerator)snapshot.Handlers[action.Handler])
                .GenerateAsync(room.Values, room.Output, CancellationToken.None)
                .ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Whatever a handler throws, the request gets an answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            counters.CountError(rule, RuleError.Handler);
            return $"the handler {snapshot.Policy.Handlers[action.Handler].DisplayName} failed: {exception.Message}";
        }
    }

    private static bool TryBind(Instance instance, EvaluationContext context, GeneratedAttributes room)
    {
        context.Read(room.Outputs);
        for (int i = 0; i < instance.Bindings.Count; i++)
        {
            AttributeBinding binding = instance.Bindings[i];
            if (!room.Added.Contains(binding.Slot) && !binding.TrySet(context, room.Added))
            {
                return false;
            }

            context.ReleaseScratch();
        }

        return true;
    }
}
