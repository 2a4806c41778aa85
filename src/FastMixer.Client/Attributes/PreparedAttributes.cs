using FastMixer.Protocol.Attributes;

namespace FastMixer.Client.Attributes;

/// <summary>
/// What many requests have in common, such as those of one listener or route: made once by <see cref="RequestAttributes.Prepare"/>, and inherited without a copy.
/// Immutable; any thread may use it.
/// </summary>
public sealed class PreparedAttributes
{
    internal PreparedAttributes(AttributeSpace space, AttributeBag bag)
    {
        Bag = new AttributeBag(space.All);
        Bag.CopyFrom(bag);
        if (bag.Base is { } prepared && prepared != space.Base)
        {
            Bag.Absorb(prepared, space.Base);
        }
    }

    internal AttributeBag Bag { get; }
}
