using System.Collections.Frozen;
using System.Text;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.Rbac;

/// <summary>
/// Patterns of which one must match: a text that must be equal, <c>prefix*</c>, <c>*suffix</c>, or <c>*</c> for everything. Immutable; matching
/// allocates nothing.
/// </summary>
internal sealed class Patterns
{
    private readonly bool _matchesAll;
    private readonly FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _exact;
    private readonly byte[][] _prefixes;
    private readonly byte[][] _suffixes;

    /// <summary>Patterns.</summary>
    /// <param name="patterns">Their texts; a <c>*</c> stands at one end only.</param>
    public Patterns(IReadOnlyList<string> patterns)
    {
        _matchesAll = patterns.Contains("*");
        _exact = patterns.Where(IsExact).Select(Encoding.UTF8.GetBytes).ToFrozenSet<byte[]>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        _prefixes = [.. patterns.Where(pattern => pattern.EndsWith('*')).Select(pattern => Encoding.UTF8.GetBytes(pattern[..^1]))];
        _suffixes = [.. patterns.Where(pattern => pattern.StartsWith('*')).Select(pattern => Encoding.UTF8.GetBytes(pattern[1..]))];
    }

    /// <summary>Whether a pattern is a text that must be equal.</summary>
    public static bool IsExact(string pattern) => !pattern.StartsWith('*') && !pattern.EndsWith('*');

    /// <summary>Whether a text matches.</summary>
    /// <param name="text">The text, UTF-8.</param>
    public bool Matches(ReadOnlySpan<byte> text) => _matchesAll || _exact.Contains(text) || HasPrefix(text) || HasSuffix(text);

    private bool HasPrefix(ReadOnlySpan<byte> text)
    {
        foreach (byte[] prefix in _prefixes)
        {
            if (text.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasSuffix(ReadOnlySpan<byte> text)
    {
        foreach (byte[] suffix in _suffixes)
        {
            if (text.EndsWith(suffix))
            {
                return true;
            }
        }

        return false;
    }
}
