using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Calls;

/// <summary>A message that can be written under any id. A struct, so that writing it costs no call through an interface.</summary>
internal interface IRequest
{
    /// <summary>A guess at its bytes; too small costs another try, no more.</summary>
    int SizeHint { get; }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    void Write(ref WireWriter writer, uint id);
}

/// <summary>A check.</summary>
internal readonly struct CheckMessage(
    AttributeWriter attributes, IReadOnlyList<QuotaRequest> quotas, ReadOnlyMemory<byte> deduplicationId, TimeSpan patience) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint => attributes.MaxBytes + 128;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => CheckRequest.Write(ref writer, id, attributes, quotas, deduplicationId.Span, patience);
}

/// <summary>A report.</summary>
internal readonly struct ReportMessage(ReadOnlyMemory<AttributeWriter> records, AttributeWriter? inherited) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint
    {
        get
        {
            int bytes = 32;
            foreach (AttributeWriter record in records.Span)
            {
                bytes += record.MaxBytes;
            }

            return bytes;
        }
    }

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => ReportWriter.Write(ref writer, id, records.Span, inherited);
}

/// <summary>A ping, or the pong that answers one.</summary>
internal readonly struct PingMessage(MessageKind kind) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint => 16;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => Ping.Write(ref writer, kind, id);
}

/// <summary>A hello.</summary>
internal readonly struct HelloMessage(
    ReadOnlyMemory<byte> name, AttributeWriter baseAttributes, int wordCount, HelloFeatures features = HelloFeatures.None) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint => name.Length + baseAttributes.MaxBytes + 64;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => Hello.Write(ref writer, id, wordCount, name.Span, baseAttributes, features);
}
