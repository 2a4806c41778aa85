using System.Numerics;

namespace FastMixer.Protocol.Buffers;

/// <summary>
/// A bounded queue of byte records, for many producers and one consumer. Records lie one behind the other in chunks of pooled memory; a producer
/// claims room by one compare-and-swap and copies without a lock, and takes one only to go on to the next chunk. Chunks that are read are used
/// again, the one that was read last first, so that a ring which is kept up with stays in the processor's cache. As many are kept as were lately in use
/// at once: what a burst has taken is given back, and a ring that fills and empties all the time allocates nothing.
/// <para>Any thread may append; one thread at a time reads.</para>
/// </summary>
/// <typeparam name="T">What goes with each record; references in it are let go of when it is read.</typeparam>
public sealed class RecordRing<T> : IDisposable
{
    // A record of a few dozen bytes is the least that is worth sending; with shorter ones the entries are used up first.
    private const int BytesPerEntry = 64;
    private const int LeastReserve = 2;

    // Lately is: while so many chunks were read, or as many before these.
    private const int ChunksPerSpan = 256;

    private const int LargestChunk = 128 * 1024;

    // So that a small ring, too, has chunks to turn to.
    private const int LeastChunks = 8;

    private readonly long _maxBytes;
    private readonly int _chunkBytes;
    private readonly Lock _turning = new();
    private readonly Stack<RingChunk<T>> _reserve = new(LeastReserve);
    private RingChunk<T> _last;
    private RingChunk<T> _first;
    private int _nextIndex;
    private long _held;
    private int _inUse;
    private int _mostInUse;
    private int _mostInUseBefore;
    private int _readInSpan;
    private bool _closed;

    /// <summary>An empty ring.</summary>
    /// <param name="maxBytes">The most memory it may hold, entries included.</param>
    /// <param name="chunkBytes">The most bytes of a chunk, a power of 2; less in a small ring. A longer record gets a chunk of its own.</param>
    public RecordRing(long maxBytes, int chunkBytes = LargestChunk)
    {
        _maxBytes = maxBytes;
        _chunkBytes = chunkBytes;
        while (_chunkBytes > BytesPerEntry && (_chunkBytes + (EntriesFor(_chunkBytes) * RingEntry<T>.Size)) * (long)LeastChunks > maxBytes)
        {
            _chunkBytes /= 2;
        }

        // Memory is taken when the first record comes: behind a chunk that has room for none.
        _first = _last = new RingChunk<T>(0, 0);
    }

    /// <summary>The memory it holds, in bytes.</summary>
    public long MemoryBytes => Interlocked.Read(ref _held);

    /// <summary>Whether a record can be read. For the consumer.</summary>
    public bool HasNext => _first.IsPublished(_nextIndex) || (_first.Next is { } next && _nextIndex == _first.Claimed && next.IsPublished(0));

    /// <summary>Claims room for a record.</summary>
    /// <param name="length">Its bytes.</param>
    /// <param name="claim">The room; must be published by <see cref="RingClaim{T}.Publish"/>, soon: records behind it wait for that.</param>
    /// <returns>False if there is none, or the ring is closed.</returns>
    public bool TryClaim(int length, out RingClaim<T> claim)
    {
        while (true)
        {
            RingChunk<T> chunk = Volatile.Read(ref _last);
            if (chunk.TryClaim(length, out int index, out int offset))
            {
                claim = new RingClaim<T>(chunk, index, offset, length);
                return true;
            }

            if (!TryTurn(chunk, length))
            {
                claim = default;
                return false;
            }
        }
    }

    /// <summary>Looks at the next record. For the consumer.</summary>
    /// <param name="record">The record, valid until <see cref="Advance"/> and another look.</param>
    /// <returns>False if there is none, or the next one is still being written.</returns>
    public bool TryPeek(out RingRecord<T> record)
    {
        while (!_first.IsPublished(_nextIndex))
        {
            if (_first.Next is not { } next || _nextIndex < _first.Claimed)
            {
                record = default;
                return false;
            }

            Release(_first);
            _first = next;
            _nextIndex = 0;
        }

        ref readonly RingEntry<T> entry = ref _first[_nextIndex];
        record = new RingRecord<T>(in entry, _first.Bytes(entry.Offset, entry.Length));
        return true;
    }

    /// <summary>Goes on behind the record that was looked at, which is let go of. For the consumer.</summary>
    public void Advance() => _first.Forget(_nextIndex++);

    /// <summary>Whether no record is claimed that is not read: nothing waits, and nothing is being written. Final once the ring is closed. For the consumer.</summary>
    public bool IsEmpty => _first.Next is null && _nextIndex == _first.Claimed;

    /// <summary>Lets go of the oldest records, up to the end of their chunk, whose memory is free then. For the consumer.</summary>
    /// <returns>How many they were; 0 if there is none, or the oldest is still being written.</returns>
    public int SkipChunk()
    {
        int skipped = 0;
        if (TryPeek(out _))
        {
            RingChunk<T> oldest = _first;
            do
            {
                Advance();
                skipped++;
            }
            while (TryPeek(out _) && _first == oldest);
        }

        return skipped;
    }

    /// <summary>Takes no more records; those claimed already can be read.</summary>
    public void Close()
    {
        lock (_turning)
        {
            _closed = true;
            _last.Seal();
        }
    }

    /// <summary>Gives the memory back. Nobody may use the ring any more.</summary>
    public void Dispose()
    {
        for (RingChunk<T>? chunk = _first; chunk is not null; chunk = chunk.Next)
        {
            chunk.Free();
        }

        while (_reserve.TryPop(out RingChunk<T>? spare))
        {
            spare.Free();
        }
    }

    // Several may find the last chunk full at once: the first to come turns to a new one, the others find that done.
    private bool TryTurn(RingChunk<T> full, int length)
    {
        lock (_turning)
        {
            if (_closed)
            {
                return false;
            }

            if (full != _last)
            {
                return true;
            }

            if (!TryGetChunk(length, out RingChunk<T>? next))
            {
                return false;
            }

            _mostInUse = Math.Max(_mostInUse, ++_inUse);
            next.Open();
            full.SealAndLink(next);
            Volatile.Write(ref _last, next);
            return true;
        }
    }

    private bool TryGetChunk(int length, out RingChunk<T> chunk)
    {
        if (length <= _chunkBytes && _reserve.TryPop(out chunk!))
        {
            return true;
        }

        // As much as the pool will give, so that the bound holds.
        int bytes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, _chunkBytes));
        long memory = bytes + ((long)EntriesFor(bytes) * RingEntry<T>.Size);
        while (Interlocked.Read(ref _held) + memory > _maxBytes && _reserve.TryPop(out RingChunk<T>? spare))
        {
            GiveBack(spare);
        }

        if (Interlocked.Read(ref _held) + memory > _maxBytes)
        {
            chunk = null!;
            return false;
        }

        chunk = NewChunk(bytes);
        Interlocked.Add(ref _held, chunk.MemoryBytes);
        return true;
    }

    private RingChunk<T> NewChunk(int bytes) => new(EntriesFor(bytes), bytes);

    // A chunk that is made for a long record holds that one only.
    private int EntriesFor(int bytes) => bytes > _chunkBytes ? 1 : bytes / BytesPerEntry;

    private void Release(RingChunk<T> read)
    {
        read.Reset();
        lock (_turning)
        {
            NoteRead();
            if (read.Capacity == _chunkBytes)
            {
                _reserve.Push(read);
            }
            else
            {
                GiveBack(read);
            }

            while (_reserve.Count > Math.Max(LeastReserve, Math.Max(_mostInUse, _mostInUseBefore) - _inUse))
            {
                GiveBack(_reserve.Pop());
            }
        }
    }

    private void NoteRead()
    {
        // The first chunk of all has no memory, and was never counted.
        _inUse = Math.Max(0, _inUse - 1);
        if (++_readInSpan == ChunksPerSpan)
        {
            _readInSpan = 0;
            _mostInUseBefore = _mostInUse;
            _mostInUse = _inUse;
        }
    }

    private void GiveBack(RingChunk<T> chunk)
    {
        Interlocked.Add(ref _held, -chunk.MemoryBytes);
        chunk.Free();
    }
}

/// <summary>Room for a record that a producer has claimed.</summary>
/// <typeparam name="T">What goes with the record.</typeparam>
public readonly ref struct RingClaim<T>
{
    private readonly RingChunk<T> _chunk;
    private readonly int _index;
    private readonly int _offset;

    internal RingClaim(RingChunk<T> chunk, int index, int offset, int length)
    {
        _chunk = chunk;
        _index = index;
        _offset = offset;
        Bytes = chunk.Bytes(offset, length);
    }

    /// <summary>Where its bytes are to be written.</summary>
    public Span<byte> Bytes { get; }

    /// <summary>Lets the consumer see the record.</summary>
    /// <param name="tag">What goes with it.</param>
    public void Publish(in T tag) => _chunk.Publish(_index, _offset, Bytes.Length, tag);
}

/// <summary>A record that the consumer reads.</summary>
/// <typeparam name="T">What goes with it.</typeparam>
public readonly ref struct RingRecord<T>
{
    private readonly ref readonly RingEntry<T> _entry;

    internal RingRecord(ref readonly RingEntry<T> entry, ReadOnlySpan<byte> bytes)
    {
        _entry = ref entry;
        Bytes = bytes;
    }

    /// <summary>What goes with it.</summary>
    public ref readonly T Tag => ref _entry.Tag;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }
}
