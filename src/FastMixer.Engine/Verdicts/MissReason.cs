namespace FastMixer.Engine.Verdicts;

/// <summary>Why a check's verdict was not in the cache. One check has one reason: of several, the last one here that holds.</summary>
public enum MissReason
{
    /// <summary>It was not asked for before, or so long ago that nothing is known of it.</summary>
    New,

    /// <summary>It was there not long ago, and had to make way for others.</summary>
    Evicted,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>It had been used as often as it may be.</summary>
    UsedUp,

    /// <summary>The configuration has changed in something that it depended on.</summary>
    Snapshot,

    /// <summary>It cannot be kept: it may not be reused, there is none, it is too large, or there are too many sets of referenced attributes.</summary>
    Uncacheable,
}
