using FastMixer.Caching.Stripes;

namespace FastMixer.Caching.Shadows;

/// <summary>
/// A sample of the keys, followed through miniatures of the cache: one of half its size, one of twice its size, and some of its size that give different parts
/// to what came lately. From the first two, operators learn what another size would do; from the others, the cache which part to give. (Waldspurger, Saemundsson, Ahmad, Park:
/// "Cache modeling and optimization using miniature simulations", USENIX ATC 2017.) Every member may be called from any thread.
/// </summary>
internal sealed class CacheShadow
{
    // Bits of the hash that choose the sample: neither stripe, bucket nor tag is chosen by them.
    private const int SampleShift = 45;
    private const int MaxSampleBits = 11;

    // So many sampled look-ups for each entry of the shadow pass between decisions.
    private const int PeriodFactor = 2;

    // By this part of the look-ups another split must be better to be taken.
    private const double Margin = 0.01;

    // What scans and loops ask for, what is most often best, and what fast change asks for.
    private static readonly double[] Parts = [0.02, Stripe.DefaultSmallPart, 0.3];

    private readonly Lock _deciding = new();
    private readonly MiniatureCache[] _splits;
    private readonly MiniatureCache _half;
    private readonly MiniatureCache _double;
    private readonly ulong _mask;
    private readonly int _period;
    private MiniatureCache _current;
    private long _lookUps;
    private int _untilDecision;

    /// <summary>A shadow that has seen nothing.</summary>
    /// <param name="entries">How many entries the cache has.</param>
    /// <param name="shadowEntries">About how many entries a miniature of the same size shall have.</param>
    public CacheShadow(int entries, int shadowEntries)
    {
        int bits = Math.Clamp(int.Log2(Math.Max(1, entries / shadowEntries)), 0, MaxSampleBits);
        _mask = ((1ul << bits) - 1) << SampleShift;
        int sampled = Math.Max(1, entries >> bits);
        _splits = [.. Parts.Select(part => new MiniatureCache(sampled, part))];
        _current = _splits[Array.IndexOf(Parts, Stripe.DefaultSmallPart)];
        _half = new MiniatureCache(Math.Max(1, sampled / 2), Stripe.DefaultSmallPart);
        _double = new MiniatureCache(sampled * 2, Stripe.DefaultSmallPart);
        _period = sampled * PeriodFactor;
        _untilDecision = _period;
    }

    /// <summary>The part of the cache that is best given to what came lately.</summary>
    public double SmallPart => _current.SmallPart;

    /// <summary>What other sizes would do.</summary>
    public CacheEstimate Estimate
    {
        get
        {
            double lookUps = Math.Max(1, _lookUps);
            return new CacheEstimate(_half.Hits / lookUps, _current.Hits / lookUps, _double.Hits / lookUps, _lookUps);
        }
    }

    /// <summary>All memory that it takes, in bytes.</summary>
    public long Bytes => _splits.Sum(split => split.Bytes) + _half.Bytes + _double.Bytes;

    /// <summary>Whether a key is of the sample.</summary>
    /// <param name="hash">Its hash.</param>
    public bool Samples(ulong hash) => (hash & _mask) == 0;

    /// <summary>Follows a look-up of a sampled key.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="isFound">Whether the cache had it. What it has not may be nothing that is ever stored.</param>
    /// <returns>Whether it is time for <see cref="TryDecide"/>.</returns>
    public bool LookUp(ulong hash, bool isFound)
    {
        _lookUps++;
        foreach (MiniatureCache split in _splits)
        {
            split.LookUp(hash, store: isFound);
        }

        _half.LookUp(hash, store: isFound);
        _double.LookUp(hash, store: isFound);
        return --_untilDecision <= 0;
    }

    /// <summary>Follows the storing of a sampled key.</summary>
    /// <param name="hash">Its hash.</param>
    public void Store(ulong hash)
    {
        foreach (MiniatureCache split in _splits)
        {
            split.StoreNew(hash);
        }

        _half.StoreNew(hash);
        _double.StoreNew(hash);
    }

    /// <summary>Decides what part is best given to what came lately, unless another thread does.</summary>
    /// <param name="fill">What part of its entries the cache can have, with the sizes that its records have.</param>
    /// <returns>Whether <see cref="SmallPart"/> changed.</returns>
    public bool TryDecide(double fill)
    {
        if (!_deciding.TryEnter())
        {
            return false;
        }

        try
        {
            return Decide(fill);
        }
        finally
        {
            _deciding.Exit();
        }
    }

    private bool Decide(double fill)
    {
        _untilDecision = _period;
        MiniatureCache best = FindBest();
        bool isBetter = best.Hits > _current.Hits + (_lookUps * Margin);
        _current = isBetter ? best : _current;
        foreach (MiniatureCache split in _splits)
        {
            split.SetLimits(fill, split.SmallPart);
            split.Fade();
        }

        _half.SetLimits(fill, SmallPart);
        _half.Fade();
        _double.SetLimits(fill, SmallPart);
        _double.Fade();
        _lookUps /= 2;
        return isBetter;
    }

    private MiniatureCache FindBest()
    {
        MiniatureCache best = _splits[0];
        foreach (MiniatureCache split in _splits)
        {
            best = split.Hits > best.Hits ? split : best;
        }

        return best;
    }
}
