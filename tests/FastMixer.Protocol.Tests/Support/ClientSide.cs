using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>Reads messages as a client does.</summary>
internal static class ClientSide
{
    /// <summary>What is wrong with a body, <see cref="ErrorCode.None"/> if nothing.</summary>
    public static ErrorCode Read(ReadOnlySpan<byte> body, int wordCount = 266)
    {
        var reader = new WireReader(body);
        bool read = MessageHeader.TryRead(ref reader, out MessageHeader header) && header.Kind switch
        {
            MessageKind.Welcome => Welcome.TryRead(ref reader, header, out _),
            MessageKind.Verdict => Verdict.TryRead(ref reader, header, wordCount, out _),
            MessageKind.Acknowledgement => Acknowledgement.TryRead(ref reader, header, out _),
            MessageKind.GoingAway => GoingAway.TryRead(ref reader, header, out _),
            MessageKind.Error => ErrorMessage.TryRead(ref reader, header, out _),
            MessageKind.PolicyChanged => PolicyChanged.TryRead(ref reader, header, out _),
            _ => header.TryReadEnd(ref reader, known: 0, padded: false),
        };
        Assert.Equal(read, reader.Fault.Code == ErrorCode.None);
        return reader.Fault.Code;
    }
}
