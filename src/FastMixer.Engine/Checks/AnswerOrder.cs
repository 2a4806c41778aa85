using System.Runtime.CompilerServices;
using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Checks;

/// <summary>
/// Combines what the rules of one check say, in their order whoever answers first: what is known is said at once, and what must be waited for holds up
/// all behind it, while the handlers of what is behind it are asked already. Reused; no allocation once grown.
/// </summary>
/// <param name="call">Whose verdict and directive it makes.</param>
internal sealed class AnswerOrder(CheckCall call) : IDisposable
{
    private readonly Stack<InstanceValues> _spare = new();
    private Step[] _steps = new Step[8];
    private int _count;
    private EngineCounters _counters = null!;
    private VerdictBuilder.Mark _before;
    private string? _failureBefore;

    private enum StepKind
    {
        BeginRule,
        Answer,
        Error,
        EndRule,
    }

    /// <summary>Room for the instance at hand; another one after an answer was added that must be waited for.</summary>
    public InstanceValues Values { get; private set; } = new();

    /// <summary>Room for a question to a backend.</summary>
    public AnswerRoom Room { get; } = new();

    /// <summary>Whether the rule at hand counts as not matching, as far as is known: then what it still has to do need not be done.</summary>
    public bool IsRuleIgnored { get; private set; }

    /// <summary>Whether there is something to wait for.</summary>
    public bool IsHeldUp => _count > 0;

    /// <summary>Begins a check.</summary>
    /// <param name="counters">Counts the errors.</param>
    public void Begin(EngineCounters counters)
    {
        _counters = counters;
        IsRuleIgnored = false;
    }

    /// <summary>A rule that matches follows.</summary>
    public void BeginRule(Rule rule)
    {
        if (IsHeldUp)
        {
            Push(new Step(StepKind.BeginRule, rule));
        }
        else
        {
            SayBegin();
        }
    }

    /// <summary>All that the rule does was added.</summary>
    public void EndRule(Rule rule)
    {
        if (IsHeldUp)
        {
            Push(new Step(StepKind.EndRule, rule));
        }
        else
        {
            SayEnd(rule);
        }
    }

    /// <summary>An expression of a rule could not be evaluated.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="reason">What, and why.</param>
    public void AddError(Rule rule, string reason)
    {
        if (IsHeldUp)
        {
            Push(new Step(StepKind.Error, rule) { Reason = reason });
        }
        else
        {
            SayError(rule.OnError, rule, reason);
        }
    }

    /// <summary>A handler was asked for a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="answer">Its answer; not to be awaited elsewhere. It may read <see cref="Values"/> until it is there.</param>
    public void AddAnswer(Rule rule, HandlerDefinition handler, ValueTask<HandlerAnswer> answer)
    {
        if (!answer.IsCompletedSuccessfully)
        {
            Push(new Step(StepKind.Answer, rule) { Handler = handler, Awaited = answer, Values = Values });
            Values = _spare.TryPop(out InstanceValues? spare) ? spare : new InstanceValues();
        }
        else if (IsHeldUp)
        {
            Push(new Step(StepKind.Answer, rule) { Handler = handler, Known = Keep(answer.Result) });
        }
        else
        {
            Say(rule, handler, answer.Result);
        }
    }

    /// <summary>Waits for all answers, and combines what was held up.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FinishAsync()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_steps[i].Values is { } values)
            {
                _steps[i].Known = await _steps[i].Awaited.ConfigureAwait(false);
                _spare.Push(values);
            }

            Do(_steps[i]);
        }

        Array.Clear(_steps, 0, _count);
        _count = 0;
    }

    /// <summary>Lets go of everything that belongs to the configuration.</summary>
    public void Release()
    {
        Values.Release();
        (_before, _failureBefore) = (default, null);
        foreach (InstanceValues values in _spare)
        {
            values.Release();
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Room.Dispose();
        foreach (InstanceValues values in _spare)
        {
            values.Dispose();
        }
    }

    // The room of a message is used again before it is this answer's turn.
    private static HandlerAnswer Keep(in HandlerAnswer answer) => answer.Result.Message.IsEmpty
        ? answer
        : answer with { Result = answer.Result with { Message = answer.Result.Message.ToArray() } };

    private void Push(in Step step)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, _count * 2);
        }

        _steps[_count++] = step;
    }

    private void Do(in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.BeginRule:
                SayBegin();
                break;
            case StepKind.Answer:
                Say(step.Rule, step.Handler!, step.Known);
                break;
            case StepKind.Error:
                SayError(step.Rule.OnError, step.Rule, step.Reason!);
                break;
            default:
                SayEnd(step.Rule);
                break;
        }
    }

    private void SayBegin() => (_before, _failureBefore) = (call.Verdict.Save(), call.Failure);

    private void Say(Rule rule, HandlerDefinition handler, in HandlerAnswer answer)
    {
        if (answer.Failure is { } failure)
        {
            _counters.CountError(rule, RuleError.Handler);
            SayError(rule.OnErrorOf(handler), rule, $"the handler {handler.DisplayName} failed: {failure}");
        }
        else if (!IsRuleIgnored)
        {
            call.Verdict.Add(handler.Utf8DisplayName.Span, answer.Result);
        }
    }

    // Does what the operator chose.
    private void SayError(ErrorPolicy policy, Rule rule, string reason)
    {
        switch (policy)
        {
            case var _ when IsRuleIgnored:
                break;
            case ErrorPolicy.Deny:
                call.Verdict.Add(rule.Utf8Name.Span, CheckResult.Create(StatusCode.PermissionDenied, reason, TimeSpan.Zero, 0));
                break;
            case ErrorPolicy.Allow:
                call.Verdict.Add(rule.Utf8Name.Span, CheckResult.AllowedOnce);
                break;
            case ErrorPolicy.IgnoreRule:
                call.Verdict.Restore(_before);
                call.Failure = _failureBefore;
                IsRuleIgnored = true;
                break;
            default:
                call.Failure ??= reason;
                break;
        }
    }

    private void SayEnd(Rule rule)
    {
        if (!IsRuleIgnored && rule.HeaderOperations.Count > 0)
        {
            call.Directive.Add(rule);
        }

        IsRuleIgnored = false;
    }

    private record struct Step(StepKind Kind, Rule Rule)
    {
        public HandlerDefinition? Handler { get; init; }

        public string? Reason { get; init; }

        public HandlerAnswer Known { get; set; }

        public ValueTask<HandlerAnswer> Awaited { get; init; }

        // Not null if there is something to wait for.
        public InstanceValues? Values { get; init; }
    }
}
