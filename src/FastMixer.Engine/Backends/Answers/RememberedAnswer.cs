using FastMixer.Engine.Handlers;

namespace FastMixer.Engine.Backends.Answers;

/// <summary>An answer of a backend that is remembered and still holds.</summary>
/// <param name="Result">What it said; holds for as long as is left.</param>
/// <param name="Life">How long it held when it was given, in milliseconds.</param>
/// <param name="Expires">When it ends, on the handler's clock.</param>
internal readonly record struct RememberedAnswer(CheckResult Result, long Life, long Expires)
{
    /// <summary>
    /// Whether a renewal asks the backend anew: half of its life is over. Of a younger one another renewal or request has only just asked.
    /// </summary>
    /// <param name="now">On the handler's clock.</param>
    public bool IsDue(long now) => Expires - now <= Life / 2;

    /// <summary>The same with a message of its own, to help out.</summary>
    /// <param name="maxAge">For how long beyond its end.</param>
    public LastGood Keep(long maxAge) => new(Result with { Message = Result.Message.ToArray() }, Expires, Expires + maxAge);
}

/// <summary>The last answer of a backend, which may help out when it fails.</summary>
/// <param name="Result">What it said.</param>
/// <param name="FreshUntil">Until when it may be reused as the backend said, on the handler's clock; past if it may not.</param>
/// <param name="HelpsUntil">Until when it may help out, on the handler's clock.</param>
internal sealed record LastGood(CheckResult Result, long FreshUntil, long HelpsUntil);
