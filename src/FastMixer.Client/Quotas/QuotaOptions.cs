namespace FastMixer.Client.Quotas;

/// <summary>How quotas are taken ahead. Immutable.</summary>
public sealed record QuotaOptions
{
    /// <summary>Whether amounts are taken ahead by recent demand. Without, every check that takes from a quota asks a server.</summary>
    public bool Prefetch { get; init; } = true;

    /// <summary>
    /// How much of a quota is taken ahead at least where it is asked for at all, 1 to 1,000,000; more where the demand of the last second was greater. What one client holds
    /// others can't have: of a small quota shared by many, this should be small.
    /// </summary>
    public long LeastAhead { get; init; } = 1;

    /// <summary>How much is held at most, of each quota, <see cref="LeastAhead"/> to 1,000,000,000.</summary>
    public long MostAhead { get; init; } = 100_000;

    /// <summary>
    /// How long a denial is repeated without asking, 0 to 10 s. So a request may be denied for so long although a server would grant it again; never longer.
    /// It is also the pause before an amount is taken ahead again after servers granted less than was asked for.
    /// </summary>
    public TimeSpan DenyFor { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a quota may see no demand until what is held of it is given back, where it does not expire by itself, 1 s to a day.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many quotas are told apart, by name and by the values that they depend on, 1 to 1,000,000. Of others nothing is taken ahead.</summary>
    public int MaxPools { get; init; } = 10_000;

    /// <summary>Requires that each option is within its range.</summary>
    /// <exception cref="ArgumentException">One is not; the message says which, what it is, and what would be right.</exception>
    internal void Validate()
    {
        OptionRange.Require(LeastAhead, 1, 1_000_000, "Quotas.LeastAhead");
        OptionRange.Require(MostAhead, LeastAhead, 1_000_000_000, "Quotas.MostAhead");
        OptionRange.Require(DenyFor, TimeSpan.Zero, TimeSpan.FromSeconds(10), "Quotas.DenyFor");
        OptionRange.Require(IdleTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "Quotas.IdleTime");
        OptionRange.Require(MaxPools, 1, 1_000_000, "Quotas.MaxPools");
    }
}
