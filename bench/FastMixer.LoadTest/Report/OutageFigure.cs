using System.Globalization;
using System.Text;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Report;

/// <summary>Draws the time line of an outage as SVG: above which share of checks was decided, below how long they took, with the outage shaded.</summary>
internal sealed class OutageFigure
{
    private const int Width = 900;
    private const int Height = 480;
    private const int Left = 70;
    private const int Right = 880;
    private const double LeastSeconds = 1e-4;
    private const double MostSeconds = 1;

    private static readonly string[] Colours = ["#1f6feb", "#d1242f"];
    private static readonly (double Seconds, string Label)[] Times = [(1e-4, "0.1 ms"), (1e-3, "1 ms"), (1e-2, "10 ms"), (1e-1, "100 ms"), (1, "1 s")];

    private readonly StringBuilder _svg = new();
    private readonly OutageResult _result;

    private OutageFigure(OutageResult result) => _result = result;

    /// <summary>The picture, as the text of an SVG file.</summary>
    public static string Draw(OutageResult result) => new OutageFigure(result).Draw();

    private string Draw()
    {
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#24292f">""");
        Add($"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        DrawLegend();
        var shares = new Panel(Top: 85, Bottom: 235);
        DrawPanel(shares, "checks decided", [(0, "0 %"), (0.5, "50 %"), (1, "100 %")]);
        DrawLines(shares, static bucket => bucket.Availability);
        var times = new Panel(Top: 280, Bottom: 430);
        DrawPanel(times, "99 of 100 checks took at most", [.. Times.Select(static time => (Logarithm(time.Seconds), time.Label))]);
        DrawLines(times, static bucket => bucket.Percentile(99) is { } seconds ? Logarithm(seconds) : null);
        DrawSeconds(times);
        _svg.Append("</svg>\n");
        return _svg.ToString();
    }

    private void DrawLegend()
    {
        var options = _result.Options;
        Add($"""<text x="{Left}" y="22" font-size="16">A backend that is down from {DurationText.Format(options.Begin)} to {DurationText.Format(options.End)}, as its callers see it</text>""");
        for (var i = 0; i < _result.Sides.Count; i++)
        {
            var side = _result.Sides[i];
            var x = Left + (i * 400);
            Add($"""<line x1="{x}" x2="{x + 28}" y1="42" y2="42" stroke="{Colours[i]}" stroke-width="3"/>""");
            Add($"""<text x="{x + 36}" y="46">{side.Name}: {Quantity.Percent(side.Total.Availability ?? 0)} decided, {Quantity.Count(side.Backend.Calls)} backend calls</text>""");
        }
    }

    private void DrawPanel(Panel panel, string title, IReadOnlyList<(double Value, string Label)> marks)
    {
        var begin = X(_result.Options.Begin);
        Add($"""<rect x="{begin:0.#}" y="{panel.Top}" width="{X(_result.Options.End) - begin:0.#}" height="{panel.Bottom - panel.Top}" fill="#eaeef2"/>""");
        Add($"""<text x="{Left}" y="{panel.Top - 8}">{title}</text>""");
        foreach (var (value, label) in marks)
        {
            var y = panel.Y(value);
            Add($"""<line x1="{Left}" x2="{Right}" y1="{y:0.#}" y2="{y:0.#}" stroke="#d0d7de"/>""");
            Add($"""<text x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{label}</text>""");
        }
    }

    // The one without comes first, so that the line that matters lies on top.
    private void DrawLines(Panel panel, Func<TimelineBucket, double?> value)
    {
        for (var i = _result.Sides.Count - 1; i >= 0; i--)
        {
            var buckets = _result.Sides[i].Timeline.Buckets;
            var points = new List<string>();
            for (var bucket = 0; bucket < buckets.Count; bucket++)
            {
                if (value(buckets[bucket]) is { } level)
                {
                    var x = Left + ((bucket + 0.5) / buckets.Count * (Right - Left));
                    points.Add(string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{panel.Y(level):0.#}"));
                }
            }

            Add($"""<polyline points="{string.Join(' ', points)}" fill="none" stroke="{Colours[i]}" stroke-width="2" stroke-linejoin="round"/>""");
        }
    }

    private void DrawSeconds(Panel panel)
    {
        foreach (var moment in (ReadOnlySpan<TimeSpan>)[TimeSpan.Zero, _result.Options.Begin, _result.Options.End, _result.Options.Length])
        {
            Add($"""<text x="{X(moment):0.#}" y="{panel.Bottom + 22}" text-anchor="middle">{DurationText.Format(moment)}</text>""");
        }
    }

    private double X(TimeSpan moment) => Left + (moment / _result.Options.Length * (Right - Left));

    // 0 at the shortest time that is drawn, 1 at the longest.
    private static double Logarithm(double seconds) =>
        Math.Log(Math.Clamp(seconds, LeastSeconds, MostSeconds) / LeastSeconds) / Math.Log(MostSeconds / LeastSeconds);

    private void Add(FormattableString element) => _svg.Append(FormattableString.Invariant(element)).Append('\n');

    private readonly record struct Panel(int Top, int Bottom)
    {
        public double Y(double level) => Bottom - (level * (Bottom - Top));
    }
}
