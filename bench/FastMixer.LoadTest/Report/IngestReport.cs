using System.Globalization;
using FastMixer.LoadTest.Reports;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what reports cost.</summary>
internal static class IngestReport
{
    private static readonly (string Title, string Key, Func<IngestRound, double?> Read, Func<double, string> Format)[] Figures =
    [
        ("records/s", "recordsPerSecond", static round => round.Rate, Quantity.Count),
        ("CPU/record", "cpuSecondsPerRecord", static round => round.CpuPerRecord, static value => $"{value * 1e9:0} ns"),
        ("server busy", "serverCpuShare", static round => round.CpuSeconds / round.Duration.TotalSeconds, Quantity.Percent),
        ("generator busy", "generatorCpuShare", static round => round.GeneratorCpuSeconds / round.Duration.TotalSeconds, Quantity.Percent),
        ("allocated/record", "allocatedBytesPerRecord", static round => round.AllocatedBytes / round.Delivered, static value => value.ToString("0.000 B", CultureInfo.InvariantCulture)),
        ("refused", "refusedShare", static round => round.RefusedShare, Quantity.Percent),
        ("dropped", "droppedShare", static round => round.DroppedShare, Quantity.Percent),
    ];

    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, IngestResult result)
    {
        output.WriteLine(
            $"{"load",-17}reports of {ReportTemplates.Records} records in {Quantity.Count(result.MessageBytes)} bytes, {ReportTemplates.Series} series; "
            + $"{LoadText.Counted(result.Load.Connections, "connection")}, {result.Load.EffectiveDepth} in flight on each");
        output.WriteLine($"{"rounds",-17}{LoadText.Rounds(result.Load)}; median [min … max]");
        output.WriteLine($"{"placement",-17}{result.Placement}");
        output.WriteLine();
        foreach (var (title, _, read, format) in Figures)
        {
            if (Spread.Of(result.Rounds.Select(read)) is { } spread)
            {
                output.WriteLine($"{title,-17}{format(spread.Median)} [{format(spread.Min)} … {format(spread.Max)}]");
            }
        }
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Stream output, IngestResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteString("placement", result.Placement);
        JsonSides.WriteSettings(json, result.Load);
        json.WriteNumber("messageBytes", result.MessageBytes);
        json.WriteNumber("recordsPerMessage", ReportTemplates.Records);
        foreach (var (_, key, read, _) in Figures)
        {
            JsonSides.WriteSpread(json, key, [.. result.Rounds.Select(read)]);
        }
    });
}
