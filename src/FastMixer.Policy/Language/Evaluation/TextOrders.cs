namespace FastMixer.Policy.Language.Evaluation;

/// <summary>Whether two IP addresses are the same host: an IPv4 address equals its v4-mapped IPv6 form (RFC 4291, section 2.5.5.2).</summary>
internal struct IpAddressOrder : IBytesOrder
{
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Shortest(left).SequenceCompareTo(Shortest(right));

    private static ReadOnlySpan<byte> Shortest(ReadOnlySpan<byte> address) =>
        address.Length == 16 && address.StartsWith(MappedPrefix) ? address[12..] : address;
}

/// <summary>Whether two DNS names are the same; in no order.</summary>
internal struct DnsNameOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => DnsNameText.AreEqual(left, right) ? 0 : 1;
}

/// <summary>Whether two e-mail addresses are the same; in no order.</summary>
internal struct EmailAddressOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => EmailAddressText.AreEqual(left, right) ? 0 : 1;
}

/// <summary>Whether two URIs are the same; in no order.</summary>
internal struct UriOrder : IBytesOrder
{
    /// <inheritdoc/>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => UriText.AreEqual(left, right) ? 0 : 1;
}
