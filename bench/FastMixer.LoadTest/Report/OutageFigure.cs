using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Report;

/// <summary>Draws the time line of an outage as SVG: above which share of checks was decided, below how long they took, with the outage shaded.</summary>
internal static class OutageFigure
{
    private const int Height = 480;
    private const double LeastSeconds = 1e-4;
    private const double MostSeconds = 1;

    private static readonly TimeFigure.Panel Shares = new(Top: 85, Bottom: 235);
    private static readonly TimeFigure.Panel Times = new(Top: 280, Bottom: 430);
    private static readonly string[] Colours = ["#1f6feb", "#d1242f"];
    private static readonly (double Level, string Label)[] TimeMarks =
        [(Logarithm(1e-4), "0.1 ms"), (Logarithm(1e-3), "1 ms"), (Logarithm(1e-2), "10 ms"), (Logarithm(1e-1), "100 ms"), (Logarithm(1), "1 s")];

    /// <summary>The picture, as the text of an SVG file.</summary>
    public static string Draw(OutageResult result)
    {
        var options = result.Options;
        var figure = new TimeFigure(
            Height, options.Length, $"A backend that is down from {DurationText.Format(options.Begin)} to {DurationText.Format(options.End)}, as its callers see it");
        foreach (var (i, side) in result.Sides.Index())
        {
            figure.AddLegend(
                i, Colours[i], $"{side.Name}: {Quantity.Percent(side.Total.Availability ?? 0)} decided, {Quantity.Count(side.Backend.Calls)} backend calls");
        }

        figure.AddPanel(Shares, options.Begin, options.End, [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]);
        figure.AddText(TimeSpan.Zero, Shares.Top - 8, "checks decided");
        DrawLines(figure, Shares, result, static bucket => bucket.Availability);
        figure.AddPanel(Times, options.Begin, options.End, TimeMarks);
        figure.AddText(TimeSpan.Zero, Times.Top - 8, "99 of 100 checks took at most");
        DrawLines(figure, Times, result, static bucket => bucket.Percentile(99) is { } seconds ? Logarithm(seconds) : null);
        figure.AddMoments(Times, [TimeSpan.Zero, options.Begin, options.End, options.Length]);
        return figure.ToString();
    }

    // The one without comes first, so that the line that matters lies on top.
    private static void DrawLines(TimeFigure figure, TimeFigure.Panel panel, OutageResult result, Func<TimelineBucket, double?> level)
    {
        foreach (var (i, side) in result.Sides.Index().Reverse())
        {
            var buckets = side.Timeline.Buckets;
            figure.AddLine(panel, Colours[i], buckets.Select((bucket, place) => (result.Options.Length * ((place + 0.5) / buckets.Count), level(bucket))));
        }
    }

    // 0 at the shortest time that is drawn, 1 at the longest.
    private static double Logarithm(double seconds) =>
        Math.Log(Math.Clamp(seconds, LeastSeconds, MostSeconds) / LeastSeconds) / Math.Log(MostSeconds / LeastSeconds);
}
