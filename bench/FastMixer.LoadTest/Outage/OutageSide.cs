using FastMixer.LoadTest.Backend;

namespace FastMixer.LoadTest.Outage;

/// <summary>What one way of asking came to.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Timeline">What callers saw.</param>
/// <param name="Backend">What the backend behind it counted.</param>
internal sealed record OutageSide(string Name, Timeline Timeline, BackendStatistics Backend)
{
    /// <summary>What callers saw in all.</summary>
    public TimelineBucket Total => Timeline.Between(TimeSpan.Zero, TimeSpan.MaxValue);
}
