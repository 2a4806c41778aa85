using System.Buffers;

namespace FastMixer.Protocol.Messages;

/// <summary>What may stand in header operations (protocol.md, section 3): nothing that could end a header, or begin another. Thread-safe.</summary>
public static class HeaderSyntax
{
    /// <summary>Bytes of a name at most.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>Bytes of a value at most.</summary>
    public const int MaxValueBytes = 4096;

    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private static readonly SearchValues<byte> Control = SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Select(code => (byte)code), 0x7f]);

    /// <summary>Whether bytes are the name of a header: a token, not too long.</summary>
    /// <param name="utf8">The bytes.</param>
    public static bool IsName(ReadOnlySpan<byte> utf8) => utf8.Length is > 0 and <= MaxNameBytes && !utf8.ContainsAnyExcept(Token);

    /// <summary>Whether bytes name a part of the request that travels as a pseudo-header and may be replaced.</summary>
    /// <param name="utf8">The bytes.</param>
    public static bool IsPseudoName(ReadOnlySpan<byte> utf8) =>
        utf8.SequenceEqual(":path"u8) || utf8.SequenceEqual(":authority"u8) || utf8.SequenceEqual(":method"u8) || utf8.SequenceEqual(":scheme"u8);

    /// <summary>Whether bytes may be the value of a header: no control characters but the tab, not too long.</summary>
    /// <param name="utf8">The bytes, valid UTF-8.</param>
    public static bool IsValue(ReadOnlySpan<byte> utf8) => utf8.Length <= MaxValueBytes && !utf8.ContainsAny(Control);

    /// <summary>Whether bytes may be the value of a pseudo-header: visible ASCII characters only, at least one, not too many.</summary>
    /// <param name="utf8">The bytes.</param>
    public static bool IsPseudoValue(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 0 and <= MaxValueBytes && !utf8.ContainsAnyExceptInRange((byte)'!', (byte)'~');
}
