using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Backends.Asking;
using FastMixer.Engine.Checks;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>What became of a check that wants an answer of a backend.</summary>
internal readonly struct Boarding
{
    /// <summary>It waits for a flight.</summary>
    public Waiter? Waiter { get; private init; }

    /// <summary>Whether the flight it waits for is its own.</summary>
    public bool IsFirst { get; private init; }

    /// <summary>The flight that takes off for it, if it is a new one that has a free place.</summary>
    public Flight? TakingOff { get; private init; }

    /// <summary>Why it cannot wait.</summary>
    public BackendFailure? Refusal { get; private init; }

    /// <summary>What may help out where it cannot wait, or need not.</summary>
    public LastGood? LastGood { get; private init; }

    /// <summary>An answer came to be known in the meantime.</summary>
    public HandlerAnswer Known { get; private init; }

    /// <summary>It waits for a flight that others began.</summary>
    public static Boarding Joined(Waiter waiter) => new() { Waiter = waiter };

    /// <summary>It waits for a flight of its own.</summary>
    /// <param name="waiter">It.</param>
    /// <param name="takingOff">The flight, or null if it must wait for a place.</param>
    public static Boarding Began(Waiter waiter, Flight? takingOff) => new() { Waiter = waiter, TakingOff = takingOff, IsFirst = true };

    /// <summary>It cannot wait.</summary>
    public static Boarding Refused(BackendFailure refusal, LastGood? lastGood) => new() { Refusal = refusal, LastGood = lastGood };

    /// <summary>It need not wait for a flight that is late.</summary>
    public static Boarding HelpedOut(LastGood lastGood) => new() { LastGood = lastGood };

    /// <summary>It need not wait.</summary>
    public static Boarding Answered(in RememberedAnswer answer) => new() { Known = new HandlerAnswer(answer.Result) };
}
