using System.Diagnostics.Metrics;

namespace FastMixer.Adapters;

/// <summary>The meter <c>FastMixer.Adapters</c> (spec/config.md, Metrics), to which each adapter adds its instruments.</summary>
internal static class AdapterMeter
{
    /// <summary>The meter; lives as long as the process.</summary>
    public static Meter Meter { get; } = new("FastMixer.Adapters");
}
