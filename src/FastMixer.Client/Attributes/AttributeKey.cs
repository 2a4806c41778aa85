using FastMixer.Protocol.Attributes;

namespace FastMixer.Client.Attributes;

/// <summary>
/// An attribute of one client's vocabulary, found once by <see cref="MixerClient.Key"/> so that requests need not look its name up. Not to be used with
/// another client.
/// </summary>
public readonly record struct AttributeKey
{
    internal AttributeKey(int slot, AttributeType type)
    {
        Slot = slot;
        Type = type;
    }

    /// <summary>The only type that its values may have.</summary>
    public AttributeType Type { get; }

    internal int Slot { get; }
}
