using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.List;

/// <summary>A list of texts. Without regard to case, both sides are compared with their ASCII letters in lower case.</summary>
internal sealed class TextList : IEntryList
{
    private const int StackBytes = 512;

    private readonly FrozenSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _entries;
    private readonly bool _ignoreCase;

    /// <summary>A list of texts.</summary>
    public TextList(IEnumerable<string> entries, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        FrozenSet<byte[]> set = entries.Select(ToBytes).ToFrozenSet<byte[]>(Utf8Comparer.Instance);
        Count = set.Count;
        _entries = set.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public bool TryContains(ReadOnlySpan<byte> value, AttributeType type, out bool found)
    {
        found = type.IsText() && (_ignoreCase ? ContainsFolded(value) : _entries.Contains(value));
        return type.IsText();
    }

    private bool ContainsFolded(ReadOnlySpan<byte> value)
    {
        byte[]? rented = null;
        Span<byte> room = value.Length <= StackBytes ? stackalloc byte[StackBytes] : (rented = ArrayPool<byte>.Shared.Rent(value.Length));
        Span<byte> folded = room[..value.Length];
        value.CopyTo(folded);
        Fold(folded);
        bool found = _entries.Contains(folded);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return found;
    }

    private byte[] ToBytes(string entry)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(entry);
        if (_ignoreCase)
        {
            Fold(bytes);
        }

        return bytes;
    }

    // Bytes of other letters are above ASCII and stay as they are.
    private static void Fold(Span<byte> utf8)
    {
        foreach (ref byte letter in utf8)
        {
            if (char.IsAsciiLetterUpper((char)letter))
            {
                letter |= 0x20;
            }
        }
    }
}
