using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes a comparison for people: a line per side, and below it how the first one relates to each other one.</summary>
internal static class ComparisonText
{
    private static readonly string[] Compared = ["ratePerSecond", "p50Seconds", "p99Seconds", "cpuSecondsPerRequest"];
    private static readonly string[] Shown = ["serverCpuShare", "generatorCpuShare"];

    /// <summary>Writes the result.</summary>
    public static void Write(TextWriter output, ExperimentResult result)
    {
        output.WriteLine($"{result.Name}: {result.Title}");
        output.WriteLine($"{"load",-15}{LoadText.Loop(result.Load)}");
        output.WriteLine($"{"rounds",-15}{LoadText.Rounds(result.Load)}, sides in turns; median [min … max]");
        output.WriteLine($"{"placement",-15}{result.Placement}");
        output.WriteLine();
        Table(result.Sides).Write(output);
        foreach (var note in result.Notes)
        {
            output.WriteLine(note);
        }

        foreach (var side in result.Sides)
        {
            WriteOutcome(output, side);
        }

        output.WriteLine();
    }

    private static TextTable Table(IReadOnlyList<Side> sides)
    {
        var compared = Compared.Select(Metric.Named).ToArray();
        Metric[] metrics = [.. compared, .. Shown.Select(Metric.Named)];
        var table = new TextTable(["", .. metrics.Select(static metric => metric.Title)]);
        foreach (var side in sides)
        {
            table.Add([side.Name, .. metrics.Select(metric => metric.Over(side.Rounds) is { } spread ? metric.Cell(spread, side.Rounds.Count > 1) : "-")]);
        }

        foreach (var other in sides.Skip(1))
        {
            table.Add([$"{sides[0].Name}/{other.Name}", .. compared.Select(metric => Ratio(metric, sides[0].Rounds, other.Rounds)), .. Shown.Select(static _ => "")]);
        }

        return table;
    }

    // The ratio of the medians, and between what the ratios of single rounds lie.
    private static string Ratio(Metric metric, IReadOnlyList<RoundResult> first, IReadOnlyList<RoundResult> other)
    {
        if (metric.Over(first) is not { } a || metric.Over(other) is not { Median: > 0 } b)
        {
            return "-";
        }

        var median = Quantity.Ratio(a.Median / b.Median);
        return first.Count > 1 && Spread.Of(first.Zip(other, (x, y) => metric.Read(x) / metric.Read(y))) is { } rounds
            ? $"{median} [{Quantity.Ratio(rounds.Min)} … {Quantity.Ratio(rounds.Max)}]"
            : median;
    }

    private static void WriteOutcome(TextWriter output, Side side)
    {
        var total = side.Total;
        if (total.Errors + total.Lost > 0)
        {
            output.WriteLine($"{side.Name,-15}{Quantity.Count(total.Errors)} errors, {Quantity.Count(total.Lost)} lost; the first: {total.FirstError}");
        }

        for (var status = 1; status < Measurement.StatusCount; status++)
        {
            if (total.Statuses[status] > 0)
            {
                output.WriteLine($"{side.Name,-15}{Quantity.Count(total.Statuses[status])} of {Quantity.Count(total.Verdicts)} answered {WireNames.Status(status)}");
            }
        }

        if (side.Limit is { } limit)
        {
            output.WriteLine($"{side.Name,-15}{limit}");
        }
    }
}
