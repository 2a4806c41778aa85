using System.Globalization;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>Puts into words what a server sent instead of a verdict. Not for the measured loop.</summary>
internal static class ServerMessage
{
    /// <summary>Describes an error, a going away, or a kind that should not have come.</summary>
    public static string Describe(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new MessagePackReader(body);
            reader.ReadArrayHeader();
            var kind = (MessageKind)reader.ReadUInt32();
            reader.Skip();
            switch (kind)
            {
                case MessageKind.Error:
                    var code = reader.ReadUInt32();
                    return string.Create(CultureInfo.InvariantCulture, $"error {code} {WireNames.Error(code)}: {reader.ReadString()}");
                case MessageKind.GoingAway:
                    var grace = reader.ReadUInt32();
                    return string.Create(CultureInfo.InvariantCulture, $"going away within {grace} ms: {reader.ReadString()}");
                default:
                    return string.Create(CultureInfo.InvariantCulture, $"an unexpected message of kind {(int)kind}");
            }
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{body.Length} bytes that are no message of the protocol");
        }
    }
}
