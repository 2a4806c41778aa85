using System.Text.Json;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Fleet;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what a slow server came to.</summary>
internal static class SlowReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, SlowResult result)
    {
        FleetText.WriteSetting(output, result.Setting, result.Placement);
        output.WriteLine($"{"server 4",-15}answers {DurationText.Format(result.Delay)} late after a quarter of the time");
        output.WriteLine();
        var table = new TextTable(["", "p50 before", "p99 before", "p50 slow", "p95 slow", "p99 slow", "checks", "hedges", "won", "failed"]);
        foreach (var side in result.Sides)
        {
            table.Add(
            [
                side.Name,
                Quantity.Seconds(side.Before.Percentile(50)),
                Quantity.Seconds(side.Before.Percentile(99)),
                Quantity.Seconds(side.Slow.Percentile(50)),
                Quantity.Seconds(side.Slow.Percentile(95)),
                Quantity.Seconds(side.Slow.Percentile(99)),
                Quantity.Count(side.Before.Count + side.Slow.Count),
                Quantity.Count(side.Hedges),
                Quantity.Count(side.HedgesWon),
                Quantity.Count(side.Failed),
            ]);
        }

        table.Write(output);
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Utf8JsonWriter json, SlowResult result)
    {
        json.WriteString("placement", result.Placement);
        json.WriteNumber("delaySeconds", result.Delay.TotalSeconds);
        json.WriteStartArray("sides");
        foreach (var side in result.Sides)
        {
            json.WriteStartObject();
            json.WriteString("name", side.Name);
            WriteTimes(json, "before", side.Before);
            WriteTimes(json, "slow", side.Slow);
            json.WriteNumber("sent", side.Sent);
            json.WriteNumber("hedges", side.Hedges);
            json.WriteNumber("hedgesWon", side.HedgesWon);
            json.WriteNumber("failed", side.Failed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTimes(Utf8JsonWriter json, string name, TimelineBucket checks)
    {
        json.WriteStartObject(name);
        json.WriteNumber("checks", checks.Count);
        json.WriteNumber("p50Seconds", checks.Percentile(50) ?? 0);
        json.WriteNumber("p95Seconds", checks.Percentile(95) ?? 0);
        json.WriteNumber("p99Seconds", checks.Percentile(99) ?? 0);
        json.WriteEndObject();
    }
}
