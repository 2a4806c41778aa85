namespace FastMixer.Client.Quotas;

/// <summary>What a pool says to who wants some of it.</summary>
internal enum PoolAnswer
{
    /// <summary>It has not enough: a server is to be asked.</summary>
    Ask,

    /// <summary>It has given it.</summary>
    Taken,

    /// <summary>Servers have just denied as much.</summary>
    Denied,
}

/// <summary>An amount that a pool has given.</summary>
/// <param name="Amount">How much.</param>
/// <param name="Expiry">When the first of it expires.</param>
/// <param name="Told">For how long a server has granted that.</param>
internal readonly record struct PoolShare(long Amount, TimeSpan Expiry, TimeSpan Told);
