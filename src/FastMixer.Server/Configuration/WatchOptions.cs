namespace FastMixer.Server.Configuration;

/// <summary>How a policy's folder is watched. Immutable.</summary>
public sealed record WatchOptions
{
    /// <summary>
    /// How often the folder is looked at; zero for never. A change is taken up when the folder has stayed as it is from one look to the next, so
    /// that half of a change is not.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A folder that changes at every look is taken up after this time all the same.</summary>
    public TimeSpan MaxSettleTime { get; init; } = TimeSpan.FromSeconds(10);
}
