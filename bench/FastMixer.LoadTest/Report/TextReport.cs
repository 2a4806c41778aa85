using System.Globalization;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes a report for people.</summary>
internal static class TextReport
{
    private const int TitleWidth = 15;
    private const int ColumnWidth = 34;

    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter output, LoadReport report)
    {
        var total = report.Total;
        WriteHead(output, report, total);
        output.WriteLine();
        WriteTable(output, report);
        output.WriteLine();
        WriteOutcome(output, report, total);
    }

    private static void WriteHead(TextWriter output, LoadReport report, Measurement total)
    {
        var options = report.Options;
        var loop = options.Rate is { } rate
            ? $"open loop, {Quantity.Count(rate)} requests/s over {Counted(options.Connections, "connection")}"
            : $"closed loop, {Counted(options.Connections, "connection")}, {options.EffectiveDepth} in flight on each";
        var check = report.Server.Check;
        Line(output, "server", $"{report.Server.Address} ({report.Software})");
        Line(output, "load", $"{loop}");
        Line(output, "check", $"{Counted(check.AttributeCount, "attribute")}, {Counted(check.Keys, "key")}");
        Line(output, "rounds", $"{options.Rounds}, each {DurationText.Format(options.Duration)} after {DurationText.Format(options.Warmup)} of warm-up");
        var mean = report.MeanAnswerBytes(total);
        var note = Math.Abs(mean - report.AnswerBytes) > 0.5 ? $" (first answer; mean {mean:0.0})" : "";
        Line(output, "bytes", $"request {check.Length}, answer {report.AnswerBytes}{note}");
        Line(output, "placement", $"{report.Placement}{(options.Pin is null ? "; not pinned, the system moves them (see --pin)" : "")}");
    }

    private static void WriteTable(TextWriter output, LoadReport report)
    {
        var withFloor = report.FloorRounds.Count > 0;
        var several = report.ServerRounds.Count > 1;
        var heading = several ? "median [min … max]" : "";
        output.WriteLine(withFloor
            ? $"{"",-TitleWidth}{$"server {heading}",-ColumnWidth}{$"floor {heading}",-ColumnWidth}server/floor".TrimEnd()
            : $"{"",-TitleWidth}{$"server {heading}",-ColumnWidth}".TrimEnd());
        foreach (var metric in Metric.All)
        {
            if (metric.Over(report.ServerRounds) is not { } server)
            {
                continue;
            }

            var line = $"{metric.Title,-TitleWidth}{Cell(metric, server, several),-ColumnWidth}";
            if (withFloor && metric.Over(report.FloorRounds) is { } floor)
            {
                var ratio = floor.Median > 0 ? Quantity.Ratio(server.Median / floor.Median) : "-";
                line += $"{Cell(metric, floor, several),-ColumnWidth}{ratio}";
            }

            output.WriteLine(line.TrimEnd());
        }
    }

    private static void WriteOutcome(TextWriter output, LoadReport report, Measurement total)
    {
        var verdicts = new List<string>();
        for (var status = 0; status < Measurement.StatusCount; status++)
        {
            if (total.Statuses[status] > 0)
            {
                verdicts.Add($"{WireNames.Status(status)} {Quantity.Count(total.Statuses[status])}");
            }
        }

        Line(output, "verdicts", $"{(verdicts.Count > 0 ? string.Join(", ", verdicts) : "none")}");
        Line(output, "errors", $"{Quantity.Count(total.Errors)}{(total.FirstError is { } first ? $", the first: {first}" : "")}");
        if (total.Lost > 0)
        {
            Line(output, "lost", $"{Quantity.Count(total.Lost)} requests got no answer within {DurationText.Format(report.Options.Timeout)}");
        }

        if (total.Unsent > 0)
        {
            Line(output, "unsent", $"{Quantity.Count(total.Unsent)} requests were due but found no room: the rate is above what was taken");
        }

        // A few bytes at a first call disturb nobody.
        if (total.AllocatedBytes > total.Verdicts / 100)
        {
            Line(output, "note", $"the generator allocated {Quantity.Count(total.AllocatedBytes)} bytes while it measured");
        }
    }

    private static string Cell(Metric metric, Spread spread, bool several) => several
        ? $"{metric.Format(spread.Median)} [{metric.Format(spread.Min)} … {metric.Format(spread.Max)}]"
        : metric.Format(spread.Median);

    private static string Counted(int count, string noun) => $"{Quantity.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static void Line(TextWriter output, string title, FormattableString text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-TitleWidth}{FormattableString.Invariant(text)}"));
}
