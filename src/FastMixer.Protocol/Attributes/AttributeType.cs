namespace FastMixer.Protocol.Attributes;

/// <summary>
/// The types of the vocabulary. Numbers are those of Istio's <c>ValueType</c>, with <see cref="Bytes"/> added; they never change.
/// Several types share a form on the wire (protocol.md, section 5).
/// </summary>
public enum AttributeType : byte
{
    /// <summary>No type.</summary>
    Unspecified = 0,

    /// <summary>UTF-8 text.</summary>
    String = 1,

    /// <summary>A signed 64-bit integer.</summary>
    Int64 = 2,

    /// <summary>An IEEE 754 double.</summary>
    Double = 3,

    /// <summary>True or false.</summary>
    Bool = 4,

    /// <summary>A moment: nanoseconds since 1970-01-01T00:00:00Z, signed.</summary>
    Timestamp = 5,

    /// <summary>4 or 16 bytes in network order.</summary>
    IpAddress = 6,

    /// <summary>Text that is compared as an e-mail address.</summary>
    EmailAddress = 7,

    /// <summary>Text that is compared as a URI.</summary>
    Uri = 8,

    /// <summary>Text that is compared as a DNS name.</summary>
    DnsName = 9,

    /// <summary>A span of time: nanoseconds, signed.</summary>
    Duration = 10,

    /// <summary>A map from text to text.</summary>
    StringMap = 11,

    /// <summary>Any bytes.</summary>
    Bytes = 12,
}

/// <summary>What can be said of an <see cref="AttributeType"/>.</summary>
public static class AttributeTypes
{
    private static readonly string[] Names =
    [
        "VALUE_TYPE_UNSPECIFIED", "STRING", "INT64", "DOUBLE", "BOOL", "TIMESTAMP", "IP_ADDRESS", "EMAIL_ADDRESS", "URI", "DNS_NAME",
        "DURATION", "STRING_MAP", "BYTES",
    ];

    /// <summary>The name of a type in configuration and messages, such as <c>STRING_MAP</c>.</summary>
    /// <param name="type">A type.</param>
    public static string Name(this AttributeType type) => Names[(int)type];

    /// <summary>Whether values of the type travel as text.</summary>
    /// <param name="type">A type.</param>
    public static bool IsText(this AttributeType type) =>
        type is AttributeType.String or AttributeType.EmailAddress or AttributeType.Uri or AttributeType.DnsName;

    /// <summary>Whether values are 64 bits: INT64, TIMESTAMP, DURATION, DOUBLE, BOOL.</summary>
    /// <param name="type">The type.</param>
    public static bool IsNumber(this AttributeType type) =>
        type is AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration or AttributeType.Double or AttributeType.Bool;

    /// <summary>Finds a type by its <see cref="Name"/>.</summary>
    /// <param name="name">The name, in upper case.</param>
    /// <param name="type">The type found.</param>
    /// <returns>False if no type has that name; <see cref="AttributeType.Unspecified"/> has none.</returns>
    public static bool TryParse(string name, out AttributeType type)
    {
        int index = Array.IndexOf(Names, name);
        type = index > 0 ? (AttributeType)index : AttributeType.Unspecified;
        return index > 0;
    }

    /// <summary>All names that <see cref="TryParse"/> takes.</summary>
    public static IReadOnlyList<string> AllNames { get; } = Names[1..];
}
