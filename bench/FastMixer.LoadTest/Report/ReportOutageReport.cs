using System.Text.Json;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Reports;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what became of reports whose backend was down.</summary>
internal static class ReportOutageReport
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, ReportOutageResult result)
    {
        var tally = result.Tally;
        output.WriteLine(
            $"{"load",-12}reports of {ReportTemplates.Records} records, as many as the server takes; {LoadText.Counted(result.Load.Connections, "connection")}, "
            + $"{result.Load.EffectiveDepth} in flight on each");
        output.WriteLine(
            $"{"outage",-12}{DurationText.Format(result.Outage)}: for half of it the backend does not answer ({Quantity.Count(result.Unanswered)} entries), "
            + $"then it resets connections ({Quantity.Count(result.Resets)})");
        output.WriteLine($"{"placement",-12}{result.Placement}");
        output.WriteLine($"{"refused",-12}{Quantity.Count(tally.Refused)} records, sent again; of all that was sent {Quantity.Percent(tally.RefusedShare)}");
        output.WriteLine();
        var ends = new TextTable(["", "taken", "delivered", "held", "dropped"]);
        ends.Add(Ends("records", result.Records));
        ends.Add(Ends("entries", result.Instances));
        ends.Write(output);
        output.WriteLine();
        var sums = new TextTable(["", "", "", "difference"]);
        foreach (var (title, says, counted) in result.Sums)
        {
            sums.Add([title, Quantity.Count(says), Quantity.Count(counted), Quantity.Count(counted - says)]);
        }

        sums.Write(output);
        output.WriteLine();
        output.WriteLine(
            $"{"memory",-12}{Mebibytes(result.Memory.First)} in the first third, {Mebibytes(result.Memory.Last)} in the last, {Mebibytes(result.Memory.Most)} at most; "
            + $"last/first {Quantity.Ratio(result.Memory.Growth)}, of {Quantity.Ratio(MemorySamples.MostGrowth)} allowed");
        output.WriteLine($"{"verdict",-12}{(result.SumsAgree ? "the sums agree" : "the sums do not agree")}, the memory {(result.Memory.IsFlat ? "is flat" : "grows")}");
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Stream output, ReportOutageResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteString("placement", result.Placement);
        JsonSides.WriteSettings(json, result.Load);
        json.WriteNumber("outageSeconds", result.Outage.TotalSeconds);
        json.WriteNumber("acknowledged", result.Tally.Accepted);
        json.WriteNumber("refused", result.Tally.Refused);
        WriteEnds(json, "records", result.Records);
        WriteEnds(json, "entries", result.Instances);
        json.WriteNumber("acknowledgedByBackend", result.Acknowledged);
        json.WriteNumber("unansweredByBackend", result.Unanswered);
        json.WriteNumber("resetByBackend", result.Resets);
        json.WriteStartObject("residentBytes");
        json.WriteNumber("firstThird", result.Memory.First);
        json.WriteNumber("lastThird", result.Memory.Last);
        json.WriteNumber("most", result.Memory.Most);
        json.WriteEndObject();
        json.WriteBoolean("sumsAgree", result.SumsAgree);
        json.WriteBoolean("memoryIsFlat", result.Memory.IsFlat);
    });

    private static string[] Ends(string what, ReportCounts counts) =>
    [
        what, Quantity.Count(counts.Taken), Quantity.Count(counts.Delivered), Quantity.Count(counts.Held),
        counts.Dropped.Count == 0 ? "0" : string.Join(", ", counts.Dropped.Select(static reason => $"{reason.Key} {Quantity.Count(reason.Value)}")),
    ];

    private static void WriteEnds(Utf8JsonWriter json, string what, ReportCounts counts)
    {
        json.WriteStartObject(what);
        json.WriteNumber("taken", counts.Taken);
        json.WriteNumber("delivered", counts.Delivered);
        json.WriteNumber("held", counts.Held);
        json.WriteStartObject("dropped");
        foreach (var (reason, count) in counts.Dropped)
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Mebibytes(double bytes) => $"{Quantity.Count(bytes / Mebibyte)} MiB";
}
