using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Reports;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what a comparison with Prometheus came to.</summary>
internal static class PrometheusReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, PrometheusResult result)
    {
        output.WriteLine(
            $"{"load",-15}{Quantity.Count(result.Tally.Accepted)} records over {LoadText.Counted(result.Load.Connections, "connection")} in {Quantity.Seconds(result.Time.TotalSeconds)}, "
            + "the server drained and started again in the middle");
        output.WriteLine($"{"scraped",-15}every {DurationText.Format(result.Interval)}, {Quantity.Count(ReportTemplates.Series)} series of each metric");
        output.WriteLine($"{"refused",-15}{Quantity.Count(result.Tally.Refused)}, sent again; {Quantity.Count(result.Tally.Unanswered)} without an answer");
        output.WriteLine($"{"placement",-15}{result.Placement}");
        output.WriteLine();
        var table = new TextTable(["", "acknowledged", "in Prometheus", "difference"]);
        foreach (var sum in result.Sums)
        {
            table.Add([sum.Metric, Quantity.Count(sum.Sent), Quantity.Count(sum.Scraped), Quantity.Count(sum.Scraped - sum.Sent)]);
        }

        table.Write(output);
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Stream output, PrometheusResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteString("placement", result.Placement);
        JsonSides.WriteSettings(json, result.Load);
        json.WriteNumber("scrapeIntervalSeconds", result.Interval.TotalSeconds);
        json.WriteNumber("sendingSeconds", result.Time.TotalSeconds);
        json.WriteNumber("accepted", result.Tally.Accepted);
        json.WriteNumber("refused", result.Tally.Refused);
        json.WriteNumber("unanswered", result.Tally.Unanswered);
        foreach (var sum in result.Sums)
        {
            json.WriteStartObject(sum.Metric);
            json.WriteNumber("acknowledged", sum.Sent);
            json.WriteNumber("scraped", sum.Scraped);
            json.WriteEndObject();
        }
    });
}
