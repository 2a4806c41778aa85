using System.Globalization;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Report;

/// <summary>What was done to a fleet, in the words of reports for people.</summary>
internal static class FleetText
{
    /// <summary>Writes the lines above a report.</summary>
    public static void WriteSetting(TextWriter output, FleetSetting setting, string placement)
    {
        output.WriteLine(
            $"{"fleet",-15}{FleetSetting.Servers} servers that keep {LoadText.Counted(setting.CacheEntries, "verdict")} each, {LoadText.Counted(setting.Sidecars, "sidecar")}");
        output.WriteLine(
            $"{"load",-15}{Quantity.Count(setting.Rate)} checks/s in all for {DurationText.Format(setting.Length)}, {LoadText.Counted(setting.Keys, "key")} by Zipf's law "
            + $"({setting.Zipf.ToString(CultureInfo.InvariantCulture)}), giving up after {DurationText.Format(setting.Timeout)}");
        output.WriteLine($"{"placement",-15}{placement}");
    }
}
