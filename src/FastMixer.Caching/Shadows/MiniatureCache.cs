using FastMixer.Caching.Stripes;

namespace FastMixer.Caching.Shadows;

/// <summary>A stripe that has the hashes of sampled keys for entries, and counts its hits. Every member may be called from any thread; counts may miss some.</summary>
internal sealed class MiniatureCache
{
    // Room for any split between the rings: the number of entries alone limits it.
    private const int BytesPerEntry = RecordHeader.Bytes * 2;
    private const int LeastBytes = 4096;

    private readonly Stripe _stripe;
    private readonly StripeReader _reader;
    private readonly int _entries;
    private long _hits;

    /// <summary>An empty one.</summary>
    /// <param name="entries">How many entries it may have.</param>
    /// <param name="smallPart">The part of them that is for what came lately.</param>
    public MiniatureCache(int entries, double smallPart)
    {
        _entries = entries;
        SmallPart = smallPart;
        _stripe = new Stripe(LeastBytes + ((long)entries * BytesPerEntry), entries, smallPart);
        _reader = _stripe.CreateReader();
    }

    /// <summary>The part of its entries that is for what came lately.</summary>
    public double SmallPart { get; private set; }

    /// <summary>How many look-ups found their key, of late: <see cref="Fade"/> halves it.</summary>
    public long Hits => _hits;

    /// <summary>All memory that it takes, in bytes.</summary>
    public long Bytes => _stripe.Bytes;

    /// <summary>Looks a key up.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="store">Whether it becomes an entry if it is none.</param>
    public void LookUp(ulong hash, bool store)
    {
        if (Has(hash))
        {
            _hits++;
        }
        else if (store)
        {
            Store(hash);
        }
    }

    /// <summary>Makes a key an entry unless it is one.</summary>
    /// <param name="hash">Its hash.</param>
    public void StoreNew(ulong hash)
    {
        if (!_stripe.Has(hash, []))
        {
            Store(hash);
        }
    }

    /// <summary>Changes the limits.</summary>
    /// <param name="fill">What part of its entries it may have, 0 to 1.</param>
    /// <param name="smallPart">The part of these that is for what came lately.</param>
    public void SetLimits(double fill, double smallPart)
    {
        SmallPart = smallPart;
        _stripe.SetLimits(Math.Max(1, (int)(_entries * fill)), smallPart);
    }

    /// <summary>Halves what was counted.</summary>
    public void Fade() => _hits /= 2;

    private bool Has(ulong hash)
    {
        bool isFound = _reader.TryGet(hash, [], now: 0, [], out _) == CacheLookup.Found;
        GC.KeepAlive(_stripe);
        return isFound;
    }

    private void Store(ulong hash) => _stripe.Set(hash, [], new EntryContent([], long.MaxValue, life: 0, uses: -1));
}
