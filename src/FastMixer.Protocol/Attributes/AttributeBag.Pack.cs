using System.Numerics;
using System.Runtime.InteropServices;

namespace FastMixer.Protocol.Attributes;

/// <content>
/// What a bag has of its own as a run of bytes, to be kept until it is sent: which attributes are set and removed, the values, the entries of maps, and the
/// text. For the same process and vocabulary only: values may point into the word list.
/// </content>
public sealed partial class AttributeBag
{
    /// <summary>How many bytes <see cref="Pack"/> writes.</summary>
    public int PackedBytes => sizeof(int) + (2 * BitWords * sizeof(ulong)) + (CountOwn() * sizeof(long)) + EntryBytes(_entryCount) + _bytes.Length;

    /// <summary>Writes what the bag has of its own; what it inherits is not written. No allocation.</summary>
    /// <param name="destination">Exactly <see cref="PackedBytes"/> long.</param>
    public void Pack(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, _entryCount);
        Span<byte> rest = Put(destination[sizeof(int)..], MemoryMarshal.AsBytes(_present.AsSpan(0, BitWords)));
        rest = Put(rest, MemoryMarshal.AsBytes(_removed.AsSpan(0, BitWords)));
        for (int word = 0; word < BitWords; word++)
        {
            for (ulong left = _present[word]; left != 0; left &= left - 1)
            {
                MemoryMarshal.Write(rest, _values[(word << 6) + BitOperations.TrailingZeroCount(left)]);
                rest = rest[sizeof(long)..];
            }
        }

        rest = Put(rest, MemoryMarshal.AsBytes(_entries.AsSpan(0, _entryCount)));
        _bytes.Written.CopyTo(rest);
    }

    /// <summary>Becomes what <see cref="Pack"/> has written of a bag of the same vocabulary. Allocates only to grow.</summary>
    /// <param name="packed">What was written, whole.</param>
    /// <param name="inherited">What that bag inherited from.</param>
    public void Unpack(ReadOnlySpan<byte> packed, AttributeBag? inherited)
    {
        Reset(Selection, inherited);
        _entryCount = MemoryMarshal.Read<int>(packed);
        if (_entryCount > _entries.Length)
        {
            _entries = new MapEntry[_entryCount];
        }

        ReadOnlySpan<byte> rest = Get(packed[sizeof(int)..], MemoryMarshal.AsBytes(_present.AsSpan(0, BitWords)));
        rest = Get(rest, MemoryMarshal.AsBytes(_removed.AsSpan(0, BitWords)));
        for (int word = 0; word < BitWords; word++)
        {
            for (ulong left = _present[word]; left != 0; left &= left - 1)
            {
                _values[(word << 6) + BitOperations.TrailingZeroCount(left)] = MemoryMarshal.Read<long>(rest);
                rest = rest[sizeof(long)..];
            }
        }

        _bytes.Write(Get(rest, MemoryMarshal.AsBytes(_entries.AsSpan(0, _entryCount))));
    }

    private static int EntryBytes(int entries) => entries * 2 * sizeof(long);

    private static Span<byte> Put(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination);
        return destination[bytes.Length..];
    }

    private static ReadOnlySpan<byte> Get(ReadOnlySpan<byte> source, Span<byte> bytes)
    {
        source[..bytes.Length].CopyTo(bytes);
        return source[bytes.Length..];
    }

    private int CountOwn()
    {
        int count = 0;
        for (int word = 0; word < BitWords; word++)
        {
            count += BitOperations.PopCount(_present[word]);
        }

        return count;
    }
}
