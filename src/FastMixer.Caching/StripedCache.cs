using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FastMixer.Caching.Shadows;
using FastMixer.Caching.Stripes;

namespace FastMixer.Caching;

/// <summary>
/// A cache of bytes by bytes, in memory that is allocated once and never grows: entries are no objects, and nothing of them is the garbage collector's.
/// It may forget an entry at any time, and never gives a value that was not the key's last, nor one whose time is over or whose uses are taken.
/// <para>
/// Keys belong to stripes by their hash. <see cref="TryGet"/> takes no lock, waits for nobody, and writes nothing for an entry that is hit often and
/// whose uses are unbounded; <see cref="Set"/> and <see cref="Remove"/> lock one stripe. No member allocates. Every member may be called by any thread.
/// </para>
/// <para>
/// Time is the owner's: any unit, any origin, but it goes forward.
/// </para>
/// </summary>
public sealed class StripedCache
{
    /// <summary>The greatest length of a key, and of a value, in bytes.</summary>
    public const int MaxPartBytes = ushort.MaxValue;

    // Nobody who chooses keys can know which of them collide.
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly Stripe[] _stripes;
    private readonly StripeReader[] _readers;
    private readonly CacheShadow? _shadow;
    private readonly int _entries;
    private readonly int _shift;

    /// <summary>An empty cache, with all memory that it will ever have.</summary>
    /// <param name="options">How large it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is not in its range.</exception>
    public StripedCache(StripedCacheOptions options)
    {
        int stripes = options.ValidateAndCountStripes();
        int entries = (int)(((long)options.Entries + stripes - 1) / stripes);
        _stripes = new Stripe[stripes];
        _readers = new StripeReader[stripes];
        for (int i = 0; i < stripes; i++)
        {
            _stripes[i] = new Stripe(options.Bytes / stripes, entries);
            _readers[i] = _stripes[i].CreateReader();
        }

        _entries = entries * stripes;
        _shadow = options.ShadowEntries == 0 ? null : new CacheShadow(_entries, options.ShadowEntries);
        _shift = 63 - int.Log2(stripes);
    }

    /// <summary>What it did since it was made, and how many entries it has.</summary>
    public CacheCounts Counts
    {
        get
        {
            CacheCounts sum = default;
            foreach (Stripe stripe in _stripes)
            {
                sum += stripe.Counts;
            }

            return sum;
        }
    }

    /// <summary>What part of the look-ups caches of other sizes would answer; all 0 without a shadow.</summary>
    public CacheEstimate Estimate => _shadow?.Estimate ?? default;

    /// <summary>All the memory that it has allocated, in bytes: room for records, and what finds and judges them.</summary>
    public long AllocatedBytes => _stripes.Sum(stripe => stripe.Bytes) + (_shadow?.Bytes ?? 0);

    /// <summary>How many stripes it has.</summary>
    public int StripeCount => _stripes.Length;

    /// <summary>The hash of a key, another one in each process.</summary>
    /// <param name="key">The key.</param>
    public static ulong Hash(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, Seed);

    /// <summary>
    /// Looks an entry up, and if it is there, in time, with a use left, and fits, copies its value, counts the hit and takes a use. What else is found is
    /// told, and nothing taken or copied for it.
    /// </summary>
    /// <param name="hash">The key's hash, as <see cref="Hash"/> has it; the same one for the same key always. Keys whose hashes collide stay apart.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The owner's clock: an entry is expired from its <c>expires</c> on.</param>
    /// <param name="destination">Where the value goes; unspecified unless the result is <see cref="CacheLookup.Found"/>.</param>
    /// <param name="entry">What else is known of the entry; unspecified if the result is <see cref="CacheLookup.Absent"/>.</param>
    public CacheLookup TryGet(ulong hash, ReadOnlySpan<byte> key, long now, Span<byte> destination, out CacheEntry entry)
    {
        int stripe = StripeOf(hash);
        CacheLookup result = _readers[stripe].TryGet(hash, key, now, destination, out entry);
        if (result != CacheLookup.Found)
        {
            _stripes[stripe].NoteTime(now);
        }

        if (_shadow is not null && _shadow.Samples(hash))
        {
            Follow(_shadow, hash, result);
        }

        // The reader's pointers do not keep the memory.
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Keeps a value, in place of the one that the key had. Others may have to go for it.</summary>
    /// <param name="hash">The key's hash, as for <see cref="TryGet"/>.</param>
    /// <param name="key">The key; copied.</param>
    /// <param name="value">The value; copied.</param>
    /// <param name="expires">From when on it is expired, on the owner's clock.</param>
    /// <param name="life">How long it is to live from now on, in the owner's unit: kept for the owner, with no effect here.</param>
    /// <param name="uses">How often it may be found; −1 without bound. With 0 it is never found.</param>
    /// <returns>What became of it. If it is too large, the value that the key had is gone too.</returns>
    public CacheStore Set(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expires, uint life, int uses)
    {
        CacheStore result = _stripes[StripeOf(hash)].Set(hash, key, new EntryContent(value, expires, life, uses));
        if (_shadow is not null && _shadow.Samples(hash) && result != CacheStore.TooLarge)
        {
            _shadow.Store(hash);
        }

        return result;
    }

    /// <summary>Forgets an entry.</summary>
    /// <param name="hash">The key's hash, as for <see cref="TryGet"/>.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key) => _stripes[StripeOf(hash)].Remove(hash, key);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Follow(CacheShadow shadow, ulong hash, CacheLookup result)
    {
        if (result is CacheLookup.Found or CacheLookup.Absent && shadow.LookUp(hash, result == CacheLookup.Found) && shadow.TryDecide(Fill()))
        {
            foreach (Stripe stripe in _stripes)
            {
                stripe.SetLimits(_entries / _stripes.Length, shadow.SmallPart);
            }
        }
    }

    // As long as nothing had to go, there is room for all.
    private double Fill()
    {
        CacheCounts counts = Counts;
        return counts.Evicted == 0 ? 1 : (double)counts.Entries / _entries;
    }

    private int StripeOf(ulong hash) => (int)(hash >> 1 >> _shift);
}
