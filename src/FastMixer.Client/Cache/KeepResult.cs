namespace FastMixer.Client.Cache;

/// <summary>What became of a verdict that a server gave.</summary>
internal enum KeepResult
{
    /// <summary>It is kept.</summary>
    Kept,

    /// <summary>The client keeps none (<see cref="MixerClientOptions.CacheEntries"/>), and has only learnt what it depends on.</summary>
    NoRoom,

    /// <summary>Its server does not allow it to be reused.</summary>
    NotReusable,

    /// <summary>It says to depend on what the request does not have: the server is wrong, or knows the request otherwise.</summary>
    Unfit,

    /// <summary>There are as many sets of references as <see cref="MixerClientOptions.CacheSets"/> allows.</summary>
    TooManySets,

    /// <summary>Its key is too large.</summary>
    TooLarge,
}
