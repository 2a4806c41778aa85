using System.Globalization;
using System.Text;
using FastMixer.LoadTest.CommandLine;

namespace FastMixer.LoadTest.Report;

/// <summary>A picture as SVG, of what sides saw over the time of a run: a title, a legend, and panels one below the other, in which a part of the time is shaded.</summary>
internal sealed class TimeFigure
{
    private const int Width = 900;
    private const int Left = 70;
    private const int Right = 880;
    private const int LegendWidth = 400;

    private readonly StringBuilder _svg = new();
    private readonly TimeSpan _length;

    /// <summary>Begins a picture.</summary>
    /// <param name="height">How high it is, in the units of which it is 900 wide.</param>
    /// <param name="length">How long the run was.</param>
    /// <param name="title">What it shows.</param>
    public TimeFigure(int height, TimeSpan length, string title)
    {
        _length = length;
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13" fill="#24292f">""");
        Add($"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        Add($"""<text x="{Left}" y="22" font-size="16">{title}</text>""");
    }

    /// <summary>Says what a line stands for.</summary>
    /// <param name="place">Its place in the legend, from 0 on.</param>
    /// <param name="colour">The line's.</param>
    /// <param name="text">What is said.</param>
    public void AddLegend(int place, string colour, string text)
    {
        var x = Left + (place * LegendWidth);
        Add($"""<line x1="{x}" x2="{x + 28}" y1="42" y2="42" stroke="{colour}" stroke-width="3"/>""");
        Add($"""<text x="{x + 36}" y="46">{text}</text>""");
    }

    /// <summary>Begins a panel, with a part of the time shaded.</summary>
    /// <param name="panel">Where it is.</param>
    /// <param name="begin">When the part begins.</param>
    /// <param name="end">When it ends.</param>
    /// <param name="marks">Levels with a line and a label.</param>
    public void AddPanel(Panel panel, TimeSpan begin, TimeSpan end, IReadOnlyList<(double Level, string Label)> marks)
    {
        Add($"""<rect x="{X(begin):0.#}" y="{panel.Top}" width="{X(end) - X(begin):0.#}" height="{panel.Bottom - panel.Top}" fill="#eaeef2"/>""");
        foreach (var (level, label) in marks)
        {
            var y = panel.Y(level);
            Add($"""<line x1="{Left}" x2="{Right}" y1="{y:0.#}" y2="{y:0.#}" stroke="#d0d7de"/>""");
            Add($"""<text x="{Left - 8}" y="{y + 4:0.#}" text-anchor="end">{label}</text>""");
        }
    }

    /// <summary>Writes a text.</summary>
    /// <param name="moment">Where it begins.</param>
    /// <param name="y">How far down.</param>
    /// <param name="text">The text.</param>
    public void AddText(TimeSpan moment, int y, string text) => Add($"""<text x="{X(moment):0.#}" y="{y}">{text}</text>""");

    /// <summary>Draws a line.</summary>
    /// <param name="panel">Where.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="points">Its points, in the order of time; those without a level are left out.</param>
    public void AddLine(Panel panel, string colour, IEnumerable<(TimeSpan Moment, double? Level)> points)
    {
        var places = points.Where(static point => point.Level is not null)
            .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Moment):0.#},{panel.Y(point.Level!.Value):0.#}"));
        Add($"""<polyline points="{string.Join(' ', places)}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>""");
    }

    /// <summary>Labels moments below a panel.</summary>
    public void AddMoments(Panel panel, IReadOnlyList<TimeSpan> moments)
    {
        foreach (var moment in moments)
        {
            Add($"""<text x="{X(moment):0.#}" y="{panel.Bottom + 22}" text-anchor="middle">{DurationText.Format(moment)}</text>""");
        }
    }

    /// <summary>The picture, as the text of a file.</summary>
    public override string ToString() => $"{_svg}</svg>\n";

    private double X(TimeSpan moment) => Left + (moment / _length * (Right - Left));

    private void Add(FormattableString element) => _svg.Append(FormattableString.Invariant(element)).Append('\n');

    /// <summary>A part of the picture over the whole time.</summary>
    /// <param name="Top">Where level 1 is.</param>
    /// <param name="Bottom">Where level 0 is.</param>
    internal readonly record struct Panel(int Top, int Bottom)
    {
        /// <summary>Where a level from 0 to 1 is.</summary>
        public double Y(double level) => Bottom - (level * (Bottom - Top));
    }
}
