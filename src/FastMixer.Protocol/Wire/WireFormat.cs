using FastMixer.Protocol.Attributes;
using MessagePack;

namespace FastMixer.Protocol.Wire;

/// <summary>The numbers of the wire (protocol.md, sections 4 and 5).</summary>
internal static class WireFormat
{
    /// <summary>The ext type of a word in the place of a value.</summary>
    public const sbyte WordExtension = 1;

    /// <summary>The ext type of a duration.</summary>
    public const sbyte DurationExtension = 2;

    /// <summary>The ext type of an IP address.</summary>
    public const sbyte IpAddressExtension = 3;

    /// <summary>MessagePack's own ext type of a timestamp.</summary>
    public const sbyte TimestampExtension = -1;

    /// <summary>The bytes of the prefix that tells a frame's length.</summary>
    public const int LengthPrefixBytes = 4;

    /// <summary>What stands on the wire for a type, for messages.</summary>
    public static string Expected(AttributeType type) => type switch
    {
        AttributeType.Int64 => "expected INT64, an integer within 64 bits, signed",
        AttributeType.Double => "expected DOUBLE, a float 32 or float 64",
        AttributeType.Bool => "expected BOOL, true or false",
        AttributeType.Timestamp => "expected TIMESTAMP, an ext of type -1 with 4, 8 or 12 bytes between the years 1677 and 2262",
        AttributeType.IpAddress => "expected IP_ADDRESS, an ext of type 3 with 4 or 16 bytes",
        AttributeType.Duration => "expected DURATION, an ext of type 2 with 8 bytes",
        AttributeType.StringMap => "expected STRING_MAP, a map",
        AttributeType.Bytes => "expected BYTES, a bin",
        _ => "expected text, a str or a word (ext of type 1)",
    };

    /// <summary>Whether a byte begins a str.</summary>
    public static bool IsString(byte code) => MessagePackCode.ToMessagePackType(code) == MessagePackType.String;
}
