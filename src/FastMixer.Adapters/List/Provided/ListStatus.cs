using Microsoft.Extensions.Logging;

namespace FastMixer.Adapters.List.Provided;

/// <summary>How an attempt to renew a list ended.</summary>
internal enum RefreshOutcome
{
    /// <summary>There is another list now.</summary>
    Replaced,

    /// <summary>The list is still what the provider has.</summary>
    Unchanged,

    /// <summary>The provider could not be reached, or gave no text.</summary>
    Unreachable,

    /// <summary>What the provider has is no list.</summary>
    Invalid,
}

/// <summary>Tells the operator how a list does: in metrics each time, in the log once per change of state. Called by one thread at a time.</summary>
/// <param name="handler">What verdicts call the handler.</param>
/// <param name="logger">Takes the changes.</param>
internal sealed class ListStatus(string handler, ILogger logger)
{
    private State _state = State.New;

    private enum State
    {
        New,
        Good,
        Old,
        None,
    }

    /// <summary>What verdicts call the handler.</summary>
    public string Handler => handler;

    /// <summary>The list is as new as the provider has it.</summary>
    /// <param name="outcome">Whether it changed.</param>
    /// <param name="entries">How many entries it has.</param>
    public void Renewed(RefreshOutcome outcome, int entries)
    {
        ListMeter.Count(handler, outcome);
        if (TryEnter(State.Good))
        {
            ListLog.Good(logger, handler, entries);
        }
    }

    /// <summary>The list could not be renewed.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="reason">Why, as the end of a sentence about the provider.</param>
    /// <param name="isUsable">Whether there is an older one that may be used.</param>
    public void Failed(RefreshOutcome outcome, string reason, bool isUsable)
    {
        ListMeter.Count(handler, outcome);
        if (TryEnter(isUsable ? State.Old : State.None))
        {
            if (isUsable)
            {
                ListLog.Old(logger, handler, reason);
            }
            else
            {
                ListLog.None(logger, handler, reason);
            }
        }
    }

    private bool TryEnter(State state)
    {
        bool changes = state != _state;
        _state = state;
        return changes;
    }
}
