namespace FastMixer.Caching.Stripes;

/// <summary>A part of a cache with a lock of its own for those who write. Every member may be called from any thread.</summary>
internal sealed class Stripe
{
    /// <summary>Of room and entries, the part that is for what came lately, where nothing else was found to be better.</summary>
    public const double DefaultSmallPart = 0.1;

    private readonly Lock _lock = new();
    private readonly StripeMemory _memory;
    private readonly Eviction _eviction;
    private long _stored;
    private long _tooLarge;
    private long _now = long.MinValue;

    /// <summary>An empty stripe.</summary>
    /// <param name="bytes">Room for records.</param>
    /// <param name="entries">How many entries it may have.</param>
    /// <param name="smallPart">The part of both that is for what came lately.</param>
    public Stripe(long bytes, int entries, double smallPart = DefaultSmallPart)
    {
        uint units = (uint)(bytes / RecordHeader.UnitBytes);
        _memory = new StripeMemory(bytes, entries, Eviction.BoundaryOf(units, smallPart));
        _eviction = new Eviction(_memory, entries, smallPart);
    }

    /// <summary>All memory that the stripe takes, in bytes.</summary>
    public long Bytes => _memory.Bytes + _eviction.Bytes;

    /// <summary>What it did.</summary>
    public CacheCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new CacheCounts(_memory.Count, _stored, _eviction.Evicted, _tooLarge);
            }
        }
    }

    /// <summary>A reader of it; valid as long as this object is held.</summary>
    public StripeReader CreateReader() => _memory.CreateReader();

    /// <summary>Takes note of the owner's clock, so that what is over goes first.</summary>
    public void NoteTime(long now)
    {
        if (now > Volatile.Read(ref _now))
        {
            Volatile.Write(ref _now, now);
        }
    }

    /// <summary>Whether there is an entry, in time or not; counts no hit.</summary>
    public bool Has(ulong hash, ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            return _memory.TryFind(hash, key, out _);
        }
    }

    /// <summary>Changes the limits, as <see cref="Eviction.SetLimits"/>.</summary>
    public void SetLimits(int entries, double smallPart)
    {
        lock (_lock)
        {
            _eviction.SetLimits(entries, smallPart);
        }
    }

    /// <inheritdoc cref="StripedCache.Set"/>
    public CacheStore Set(ulong hash, ReadOnlySpan<byte> key, in EntryContent content)
    {
        lock (_lock)
        {
            bool isThere = _memory.TryFind(hash, key, out uint index);
            if (IsTooLarge(key, content.Value))
            {
                _tooLarge++;
                ForgetIf(isThere, index);
                return CacheStore.TooLarge;
            }

            _stored++;
            _eviction.Now = Volatile.Read(ref _now);
            uint units = RecordHeader.UnitsOf(key.Length, content.Value.Length);
            return isThere ? Replace(hash, key, content, index, units) : Add(hash, key, content, units);
        }
    }

    /// <inheritdoc cref="StripedCache.Remove"/>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            bool isThere = _memory.TryFind(hash, key, out uint index);
            ForgetIf(isThere, index);
            return isThere;
        }
    }

    // The main ring keeps half of the room at least, whatever the part for what came lately.
    private bool IsTooLarge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        key.Length > StripedCache.MaxPartBytes || value.Length > StripedCache.MaxPartBytes
        || RecordHeader.UnitsOf(key.Length, value.Length) > _memory.Units / 2;

    private CacheStore Add(ulong hash, ReadOnlySpan<byte> key, in EntryContent content, uint units)
    {
        RecordRing ring = _eviction.Admit(hash, units, out uint place, out bool isReturned);
        _memory.Write(ring, place, _eviction.MakeSlot(hash), hash, key, content);
        return isReturned ? CacheStore.Returned : CacheStore.Added;
    }

    private unsafe CacheStore Replace(ulong hash, ReadOnlySpan<byte> key, in EntryContent content, uint index, uint units)
    {
        if (_memory.RecordOf(index)->Units == units)
        {
            _memory.Replace(index, content);
        }
        else
        {
            RecordRing ring = _memory.RingOf(index);
            _memory.Forget(index, ring);
            ring = units > ring.Capacity ? _memory.Main : ring;
            _memory.Write(ring, _eviction.MakeRoom(ring, units), _eviction.MakeSlot(hash), hash, key, content);
        }

        return CacheStore.Replaced;
    }

    private void ForgetIf(bool isThere, uint index)
    {
        if (isThere)
        {
            _memory.Forget(index, _memory.RingOf(index));
        }
    }
}
