using FastMixer.Cli.Attributes;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Cli.Explaining;

/// <summary>Makes the attributes that a person gave what a server makes of a check: encoded, and decoded by the protocol.</summary>
internal static class RequestBag
{
    private const int BytesAroundAttributes = 64;

    /// <summary>The attributes as expressions read them.</summary>
    /// <param name="attributes">What a person gave.</param>
    /// <param name="vocabulary">The attributes that expressions may name; others are left out.</param>
    /// <exception cref="InputException">They are more or larger than a check may be.</exception>
    public static AttributeBag Of(AttributeSet attributes, Vocabulary vocabulary)
    {
        using var writer = new AttributeWriter();
        attributes.WriteTo(writer);
        var bytes = new byte[writer.MaxBytes + BytesAroundAttributes];
        var wire = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref wire, 1, writer, [], default);
        wire.TryComplete(out int length);

#pragma warning disable CA2000 // The bag is part of it, and lives as long as the command.
        var request = new CheckRequest(AttributeSelection.All(vocabulary));
#pragma warning restore CA2000
        WireReader reader = request.Attributes.Load(bytes.AsSpan(0, length));
        return MessageHeader.TryRead(ref reader, out MessageHeader header)
            && request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false)
            ? request.Attributes
            : throw new InputException($"the attributes are no check that a server takes: {reader.Fault}");
    }
}
