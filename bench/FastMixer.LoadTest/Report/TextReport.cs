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
        var total = report.Server.Total;
        WriteHead(output, report, total);
        output.WriteLine();
        WriteTable(output, report);
        output.WriteLine();
        WriteOutcome(output, report, total);
    }

    private static void WriteHead(TextWriter output, LoadReport report, Measurement total)
    {
        var options = report.Options;
        var check = report.Check;
        Line(output, "server", $"{report.Server.Target.Address} ({report.Software})");
        Line(output, "load", $"{LoadText.Loop(options.Load)}");
        Line(output, "check", $"{LoadText.Counted(check.AttributeCount, "attribute")}, {LoadText.Keys(options.Keys)}");
        Line(output, "rounds", $"{LoadText.Rounds(options.Load)}");
        var mean = report.MeanAnswerBytes(total);
        var note = Math.Abs(mean - report.AnswerBytes) > 0.5 ? $" (first answer; mean {mean:0.0})" : "";
        Line(output, "bytes", $"request {check.Length}, answer {report.AnswerBytes}{note}");
        Line(output, "placement", $"{report.Placement}{(options.Pin is null ? "; not pinned, the system moves them (see --pin)" : "")}");
    }

    private static void WriteTable(TextWriter output, LoadReport report)
    {
        var withFloor = report.Floor is not null;
        var several = report.Server.Rounds.Count > 1;
        var heading = several ? "median [min … max]" : "";
        output.WriteLine(withFloor
            ? $"{"",-TitleWidth}{$"server {heading}",-ColumnWidth}{$"floor {heading}",-ColumnWidth}server/floor".TrimEnd()
            : $"{"",-TitleWidth}{$"server {heading}",-ColumnWidth}".TrimEnd());
        foreach (var metric in Metric.All)
        {
            if (metric.Over(report.Server.Rounds) is not { } server)
            {
                continue;
            }

            var line = $"{metric.Title,-TitleWidth}{metric.Cell(server, several),-ColumnWidth}";
            if (report.Floor is { } side && metric.Over(side.Rounds) is { } floor)
            {
                var ratio = floor.Median > 0 ? Quantity.Ratio(server.Median / floor.Median) : "-";
                line += $"{metric.Cell(floor, several),-ColumnWidth}{ratio}";
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
            Line(output, "lost", $"{Quantity.Count(total.Lost)} requests got no answer within {DurationText.Format(report.Options.Load.Timeout)}");
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

    private static void Line(TextWriter output, string title, FormattableString text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-TitleWidth}{FormattableString.Invariant(text)}"));
}
