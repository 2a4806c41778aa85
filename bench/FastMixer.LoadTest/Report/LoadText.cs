using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Report;

/// <summary>What was done, in the words of reports for people.</summary>
internal static class LoadText
{
    /// <summary>How requests were sent.</summary>
    public static string Loop(RoundSettings settings) => settings.Rate is { } rate
        ? $"open loop, {Quantity.Count(rate)} requests/s over {Counted(settings.Connections, "connection")}"
        : $"closed loop, {Counted(settings.Connections, "connection")}, {settings.EffectiveDepth} in flight on each";

    /// <summary>How many rounds, and how long.</summary>
    public static string Rounds(RoundSettings settings) =>
        $"{settings.Rounds}, each {DurationText.Format(settings.Duration)} after {DurationText.Format(settings.Warmup)} of warm-up";

    /// <summary>How requests differed.</summary>
    public static string Keys(KeySource keys) => keys.IsDistinct ? "each request with a key of its own" : Counted(keys.Count, "key");

    /// <summary>A number and a noun.</summary>
    public static string Counted(int count, string noun) => $"{Quantity.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
