using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>The value of one attribute as a person gave it, already of its type. Immutable but for <see cref="MapValue"/>.</summary>
internal abstract record AttributeValue
{
    /// <summary>Appends the attribute in its encoded form.</summary>
    /// <param name="writer">Where to; must not hold the name yet.</param>
    /// <param name="name">The attribute.</param>
    public abstract void WriteTo(AttributeWriter writer, string name);
}

/// <summary>A STRING, URI, DNS_NAME or EMAIL_ADDRESS.</summary>
internal sealed record TextValue(string Text) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Set(name, Text);
}

/// <summary>An INT64.</summary>
internal sealed record Int64Value(long Number) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Set(name, Number);
}

/// <summary>A DOUBLE.</summary>
internal sealed record DoubleValue(double Number) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Set(name, Number);
}

/// <summary>A BOOL.</summary>
internal sealed record BoolValue(bool Value) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Set(name, Value);
}

/// <summary>A TIMESTAMP, in nanoseconds since 1970.</summary>
internal sealed record TimestampValue(long Nanoseconds) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.SetTimestamp(name, Nanoseconds);
}

/// <summary>A DURATION, in nanoseconds.</summary>
internal sealed record DurationValue(long Nanoseconds) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.SetDuration(name, Nanoseconds);
}

/// <summary>An IP_ADDRESS, 4 or 16 bytes in network order.</summary>
internal sealed record IpAddressValue(byte[] Address) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.SetIpAddress(name, Address);
}

/// <summary>BYTES.</summary>
internal sealed record BytesValue(byte[] Content) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.SetBytes(name, Content);
}

/// <summary>A STRING_MAP; entries may be added until it is written.</summary>
internal sealed record MapValue(Dictionary<string, string> Entries) : AttributeValue
{
    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Set(name, Entries);
}

/// <summary>The explicit absence of an attribute that would else be inherited.</summary>
internal sealed record AbsentValue : AttributeValue
{
    /// <summary>The only instance.</summary>
    public static AbsentValue Instance { get; } = new();

    /// <inheritdoc/>
    public override void WriteTo(AttributeWriter writer, string name) => writer.Remove(name);
}
