using System.Buffers;

namespace FastMixer.Protocol.Buffers;

/// <summary>
/// A piece of a <see cref="RecordRing{T}"/>: bytes and entries that producers claim from the front. The state holds how many entries (above) and
/// bytes (below) are claimed, and by its sign that no more are to be; so one compare-and-swap claims both.
/// </summary>
/// <typeparam name="T">What goes with each record.</typeparam>
internal sealed class RingChunk<T>
{
    private const long Sealed = long.MinValue;

    private readonly RingEntry<T>[] _entries;
    private readonly byte[] _bytes;
    private RingChunk<T>? _next;
    private long _state = Sealed;

    /// <summary>A chunk that is not open yet.</summary>
    /// <param name="entries">How many records it can hold.</param>
    /// <param name="bytes">How many bytes; more may be rented.</param>
    public RingChunk(int entries, int bytes)
    {
        _entries = new RingEntry<T>[entries];
        _bytes = ArrayPool<byte>.Shared.Rent(bytes);
    }

    /// <summary>The memory it holds.</summary>
    public long MemoryBytes => _bytes.Length + ((long)_entries.Length * RingEntry<T>.Size);

    /// <summary>How many bytes one record may have.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>The chunk after this one, once there is one: this one is sealed then.</summary>
    public RingChunk<T>? Next => Volatile.Read(ref _next);

    /// <summary>How many records were claimed. Final once <see cref="Next"/> is set.</summary>
    public int Claimed => (int)((Volatile.Read(ref _state) & ~Sealed) >> 32);

    /// <summary>Lets producers claim. Called before the chunk can be reached as the last of its ring.</summary>
    public void Open() => Volatile.Write(ref _state, 0);

    /// <summary>Ends claiming.</summary>
    public void Seal() => Interlocked.Or(ref _state, Sealed);

    /// <summary>Ends claiming, and says what comes after.</summary>
    public void SealAndLink(RingChunk<T> next)
    {
        Seal();
        Volatile.Write(ref _next, next);
    }

    /// <summary>Claims room for a record.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="index">The entry.</param>
    /// <param name="offset">Where its bytes are.</param>
    /// <returns>False if the chunk is sealed or has no room.</returns>
    public bool TryClaim(int length, out int index, out int offset)
    {
        long state = Volatile.Read(ref _state);
        while (true)
        {
            index = (int)(state >> 32);
            offset = unchecked((int)state);
            if (state < 0 || index == _entries.Length || length > _bytes.Length - offset)
            {
                return false;
            }

            long seen = Interlocked.CompareExchange(ref _state, state + (1L << 32) + length, state);
            if (seen == state)
            {
                return true;
            }

            state = seen;
        }
    }

    /// <summary>The bytes that were claimed.</summary>
    public Span<byte> Bytes(int offset, int length) => _bytes.AsSpan(offset, length);

    /// <summary>Lets the consumer see a record whose bytes are written.</summary>
    public void Publish(int index, int offset, int length, in T tag)
    {
        ref RingEntry<T> entry = ref _entries[index];
        entry.Offset = offset;
        entry.Length = length;
        entry.Tag = tag;

        // Pairs with the read in IsPublished: whoever sees the flag sees the record.
        Volatile.Write(ref entry.Published, 1);
    }

    /// <summary>Whether a record can be read.</summary>
    public bool IsPublished(int index) => index < _entries.Length && Volatile.Read(ref _entries[index].Published) != 0;

    /// <summary>A record that is published.</summary>
    public ref readonly RingEntry<T> this[int index] => ref _entries[index];

    /// <summary>Lets go of what went with a record that was read, so that a ring that rests keeps nothing alive.</summary>
    public void Forget(int index) => _entries[index].Tag = default!;

    /// <summary>Forgets all records, for another use. Nobody may read or write any of them any more.</summary>
    public void Reset()
    {
        Array.Clear(_entries, 0, Claimed);
        _next = null;
    }

    /// <summary>Gives the memory back.</summary>
    public void Free() => ArrayPool<byte>.Shared.Return(_bytes);
}

/// <summary>A record's place in a chunk.</summary>
/// <typeparam name="T">What goes with it.</typeparam>
internal struct RingEntry<T>
{
    /// <summary>How much memory an entry takes.</summary>
    public static readonly int Size = System.Runtime.CompilerServices.Unsafe.SizeOf<RingEntry<T>>();

    /// <summary>Where its bytes begin.</summary>
    public int Offset;

    /// <summary>How many bytes it has.</summary>
    public int Length;

    /// <summary>1 once all else is written.</summary>
    public int Published;

    /// <summary>What goes with it.</summary>
    public T Tag;
}
