using System.Text.Json;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what an outage came to.</summary>
internal static class OutageReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, OutageResult result)
    {
        var options = result.Options;
        output.WriteLine(
            $"{"backend",-15}{Quantity.Percent(options.Availability)} available, answers after {DurationText.Format(options.Delay)}, down from "
            + $"{DurationText.Format(options.Begin)} to {DurationText.Format(options.End)} ({options.Manner})");
        output.WriteLine(
            $"{"callers",-15}{Quantity.Count(options.Rate)} checks/s on each side for {DurationText.Format(options.Length)}, {Quantity.Percent(options.Share)} of them "
            + $"with one of {LoadText.Counted(options.Keys, "key")}, giving up after {DurationText.Format(options.Timeout)}");
        output.WriteLine($"{"placement",-15}{result.Placement}");
        output.WriteLine();
        Table(result).Write(output);
        output.WriteLine();
        output.WriteLine("Before, in and after: availability in that part of the run. Failed, seen: checks that failed though their key had been decided before.");
        foreach (var side in result.Sides)
        {
            FailureText.Write(output, side.Name, side.Timeline.Failures);
        }
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Stream output, OutageResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteString("placement", result.Placement);
        WriteSide(json, "withFastMixer", result.With, result.Options);
        WriteSide(json, "without", result.Without, result.Options);
    });

    private static TextTable Table(OutageResult result)
    {
        var table = new TextTable(["", "checks", "availability", "before", "in", "after", "p50", "p99", "backend calls", "failed, seen", "failed, new"]);
        foreach (var side in result.Sides)
        {
            var total = side.Total;
            table.Add(
            [
                side.Name,
                Quantity.Count(total.Count),
                Quantity.Percent(total.Availability),
                .. Parts(side, result.Options).Select(static part => Quantity.Percent(part.Availability)),
                Quantity.Seconds(total.Percentile(50)),
                Quantity.Seconds(total.Percentile(99)),
                Quantity.Count(side.Backend.Calls),
                Quantity.Count(side.Timeline.FailedSeen),
                Quantity.Count(total.Failed - side.Timeline.FailedSeen),
            ]);
        }

        return table;
    }

    private static void WriteSide(Utf8JsonWriter json, string name, OutageSide side, OutageOptions options)
    {
        var total = side.Total;
        json.WriteStartObject(name);
        json.WriteNumber("checks", total.Count);
        WriteNumber(json, "availability", total.Availability);
        foreach (var (part, key) in Parts(side, options).Zip(["availabilityBefore", "availabilityIn", "availabilityAfter"]))
        {
            WriteNumber(json, key, part.Availability);
        }

        WriteNumber(json, "p50Seconds", total.Percentile(50));
        WriteNumber(json, "p99Seconds", total.Percentile(99));
        json.WriteNumber("backendCalls", side.Backend.Calls);
        json.WriteNumber("failedSeen", side.Timeline.FailedSeen);
        json.WriteNumber("failedNew", total.Failed - side.Timeline.FailedSeen);
        json.WriteEndObject();
    }

    private static TimelineBucket[] Parts(OutageSide side, OutageOptions options) =>
    [
        side.Timeline.Between(TimeSpan.Zero, options.Begin),
        side.Timeline.Between(options.Begin, options.End),
        side.Timeline.Between(options.End, TimeSpan.MaxValue),
    ];

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
