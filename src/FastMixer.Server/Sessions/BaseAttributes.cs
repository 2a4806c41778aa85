using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Server.Sessions;

/// <summary>
/// What a client said once in its hello, decoded for whatever configuration is in force: a reload may read other attributes, so the hello's
/// bytes are kept. Used under the output's lock only; a bag handed out is never changed.
/// </summary>
internal sealed class BaseAttributes(byte[] hello, int wordCount, AttributeBag decoded)
{
    private AttributeBag? _decoded = decoded;

    /// <summary>How many words the client knows.</summary>
    public int WordCount { get; } = wordCount;

    /// <summary>The attributes, for requests that are decoded with a selection.</summary>
    /// <param name="selection">What the configuration reads.</param>
    /// <param name="limits">What the hello was accepted with.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="fault">Why the configuration would not have accepted the hello: it declares another type than a value has.</param>
    public bool TryGet(
        AttributeSelection selection, ProtocolLimits limits, [NotNullWhen(true)] out AttributeBag? attributes, out ProtocolFault fault)
    {
        fault = default;
        if (!ReferenceEquals(_decoded?.Selection, selection))
        {
            _decoded = Decode(selection, limits, out fault);
        }

        attributes = _decoded;
        return attributes is not null;
    }

    /// <summary>Lets go of what was decoded for the last request, so that a connection that rests keeps nothing of a replaced configuration.</summary>
    public void Release() => _decoded = null;

    private AttributeBag? Decode(AttributeSelection selection, ProtocolLimits limits, out ProtocolFault fault)
    {
        var bag = new AttributeBag(selection);
        WireReader reader = bag.Load(hello);
        bool fits = MessageHeader.TryRead(ref reader, out MessageHeader header)
            && Hello.TryRead(ref reader, header, bag, limits, padded: false, out _);
        fault = reader.Fault;
        if (fits)
        {
            return bag;
        }

        bag.Dispose();
        return null;
    }
}
