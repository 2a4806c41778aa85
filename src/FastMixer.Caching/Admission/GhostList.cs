namespace FastMixer.Caching.Admission;

/// <summary>
/// Remembers the hashes of what was evicted lately, as fingerprints of 16 bits: it may take one hash for another, seldom. A place of 32 bits has
/// the fingerprint and when. One thread at a time.
/// </summary>
internal sealed class GhostList
{
    private const int SetPlaces = 8;
    private const int FingerprintShift = 16;
    private const uint Ticks = 1u << 16;

    // In how many ticks of its clock a ghost is forgotten.
    private const uint Memory = 1u << 14;

    private readonly uint[] _places;
    private readonly uint _sets;
    private readonly long _capacity;
    private long _inserted;

    /// <summary>An empty list.</summary>
    /// <param name="capacity">How many evictions back it remembers.</param>
    public GhostList(int capacity)
    {
        _capacity = Math.Max(1, capacity);
        _sets = (uint)((_capacity + SetPlaces - 1) / SetPlaces);
        _places = new uint[_sets * SetPlaces];
    }

    /// <summary>How much memory it takes.</summary>
    public long Bytes => (long)_places.Length * sizeof(uint);

    /// <summary>Remembers a hash.</summary>
    /// <param name="hash">The hash.</param>
    public void Add(ulong hash)
    {
        Span<uint> set = SetOf(hash);
        int place = 0;
        for (int i = 0; i < set.Length; i++)
        {
            if (set[i] == 0 || IsSame(set[i], hash))
            {
                place = i;
                break;
            }

            place = Age(set[i]) > Age(set[place]) ? i : place;
        }

        // A fingerprint is never 0, so a place in use is not.
        set[place] = Fingerprint(hash) | Now;
        _inserted++;
    }

    /// <summary>Forgets a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <returns>Whether it was remembered.</returns>
    public bool TryTake(ulong hash)
    {
        foreach (ref uint place in SetOf(hash))
        {
            if (place != 0 && IsSame(place, hash))
            {
                bool isRemembered = Age(place) <= Memory;
                place = 0;
                return isRemembered;
            }
        }

        return false;
    }

    private uint Now => (uint)(_inserted * Memory / _capacity) & (Ticks - 1);

    private uint Age(uint place) => (Now - place) & (Ticks - 1);

    private Span<uint> SetOf(ulong hash) => _places.AsSpan((int)(((hash & uint.MaxValue) * _sets) >> 32) * SetPlaces, SetPlaces);

    private static bool IsSame(uint place, ulong hash) => ((place ^ Fingerprint(hash)) >> FingerprintShift) == 0;

    private static uint Fingerprint(ulong hash) => ((uint)(hash >> 40) | 1) << FingerprintShift;
}
