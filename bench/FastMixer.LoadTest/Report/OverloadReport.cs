using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Experiments;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what an overload came to.</summary>
internal static class OverloadReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, OverloadResult result)
    {
        output.WriteLine($"{"capacity",-15}{Quantity.Count(result.Capacity)} checks/s ({LoadText.Loop(result.Load)})");
        output.WriteLine($"{"then",-15}each load for {DurationText.Format(result.Load.Duration)} at a fixed rate; verdicts are of use for {DurationText.Format(result.Patience)}");
        output.WriteLine($"{"placement",-15}{result.Placement}");
        output.WriteLine();
        var table = new TextTable(["load", "checks/s", "in time", "late", "shed", "expired", "failed", "in time/s", "of capacity", "p50", "p99", "sent late p99"]);
        foreach (var step in result.Steps)
        {
            table.Add(
            [
                FormattableString.Invariant($"{step.Factor:0.##} x"),
                Quantity.Count(step.Rate),
                Quantity.Percent(step.InTime),
                Quantity.Percent(step.Late),
                Quantity.Percent(step.Shed),
                Quantity.Percent(step.Expired),
                Quantity.Percent(step.Failed),
                Quantity.Count(step.InTime * step.Rate),
                Quantity.Ratio(step.InTime * step.Rate / result.Capacity),
                Quantity.Seconds(step.Result.Percentile(50)),
                Quantity.Seconds(step.Result.Percentile(99)),
                Quantity.Seconds(step.Result.LatenessPercentile(99)),
            ]);
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine("Times are those of verdicts, from the moment their check was due.");
        foreach (var step in result.Steps)
        {
            if (step.Result.Measurement is { Errors: > 0, FirstError: { } error })
            {
                output.WriteLine(FormattableString.Invariant($"At {step.Factor:0.##} x the first error was: {error}"));
            }
        }
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Stream output, OverloadResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteString("placement", result.Placement);
        JsonSides.WriteSettings(json, result.Load);
        json.WriteNumber("capacityPerSecond", result.Capacity);
        json.WriteNumber("patienceSeconds", result.Patience.TotalSeconds);
        json.WriteStartArray("loads");
        foreach (var step in result.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("factor", step.Factor);
            json.WriteNumber("wantedRatePerSecond", step.Rate);
            json.WriteNumber("inTime", step.InTime);
            json.WriteNumber("late", step.Late);
            json.WriteNumber("shed", step.Shed);
            json.WriteNumber("expired", step.Expired);
            json.WriteNumber("failed", step.Failed);
            JsonSides.WriteRounds(json, [step.Result]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
