using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

/// <summary>What tests say that was done to a fleet.</summary>
internal static class Settings
{
    public static FleetSetting Any { get; } = new()
    {
        Sidecars = 2,
        Rate = 1,
        Length = TimeSpan.FromSeconds(9),
        Timeout = TimeSpan.FromSeconds(1),
        Keys = 40,
        Zipf = 1,
        CacheEntries = 10,
    };
}
