using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Server.Sessions;

/// <summary>
/// What a client said once in its hello, decoded for whatever configuration is in force: a reload may read other attributes, so the hello's
/// bytes are kept. Used by the session's reading thread only; a bag handed out is never changed.
/// </summary>
internal sealed class BaseAttributes(byte[] hello, int wordCount, AttributeBag decoded)
{
    private AttributeBag _decoded = decoded;

    /// <summary>How many words the client knows.</summary>
    public int WordCount { get; } = wordCount;

    /// <summary>The attributes, for requests that are decoded with a selection.</summary>
    /// <param name="selection">What the configuration reads.</param>
    /// <param name="limits">What the hello was accepted with.</param>
    public AttributeBag For(AttributeSelection selection, ProtocolLimits limits)
    {
        if (!ReferenceEquals(_decoded.Selection, selection))
        {
            _decoded = Decode(selection, limits);
        }

        return _decoded;
    }

    private AttributeBag Decode(AttributeSelection selection, ProtocolLimits limits)
    {
        var bag = new AttributeBag(selection);
        WireReader reader = bag.Load(hello);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !Hello.TryRead(ref reader, header, bag, limits, padded: false, out _))
        {
            // A new configuration may declare a type that the client's value does not have: such a base is as good as none.
            bag.Reset(selection);
        }

        return bag;
    }
}
