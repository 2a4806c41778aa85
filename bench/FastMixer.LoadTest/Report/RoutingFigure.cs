using System.Globalization;
using System.Text;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Report;

/// <summary>Draws the hit ratio of the servers' caches over time as SVG, a line for each way of routing, with the time shaded in which a server is away.</summary>
internal sealed class RoutingFigure
{
    private const int Width = 900;
    private const int Height = 330;
    private const int Left = 70;
    private const int Right = 880;
    private const int Top = 65;
    private const int Bottom = 290;

    private static readonly string[] Colours = ["#d1242f", "#1f6feb"];

    private readonly StringBuilder _svg = new();
    private readonly RoutingResult _result;

    private RoutingFigure(RoutingResult result) => _result = result;

    /// <summary>The picture, as the text of an SVG file.</summary>
    public static string Draw(RoutingResult result) => new RoutingFigure(result).Draw();

    private string Draw()
    {
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" fill="#24292f">""");
        Add($"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        DrawLegend();
        var begin = X(_result.Leave);
        Add($"""<rect x="{begin:0.#}" y="{Top}" width="{X(_result.Return) - begin:0.#}" height="{Bottom - Top}" fill="#eaeef2"/>""");
        Add($"""<text x="{begin + 6:0.#}" y="{Bottom - 8}">one of four servers is away</text>""");
        DrawMarks();
        for (var i = 0; i < _result.Sides.Count; i++)
        {
            DrawLine(_result.Sides[i], Colours[i]);
        }

        _svg.Append("</svg>\n");
        return _svg.ToString();
    }

    private void DrawLegend()
    {
        var setting = _result.Setting;
        Add($"""<text x="{Left}" y="22" font-size="16">Checks answered from the servers' caches: {Quantity.Count(setting.Keys)} keys, four servers that keep {Quantity.Count(setting.CacheEntries)} verdicts each</text>""");
        for (var i = 0; i < _result.Sides.Count; i++)
        {
            var side = _result.Sides[i];
            var x = Left + (i * 400);
            Add($"""<line x1="{x}" x2="{x + 28}" y1="42" y2="42" stroke="{Colours[i]}" stroke-width="3"/>""");
            Add($"""<text x="{x + 36}" y="46">{side.Name}: the backend is asked {Quantity.Count(side.BackendCalls)} times</text>""");
        }
    }

    private void DrawMarks()
    {
        foreach (var share in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            Add($"""<line x1="{Left}" x2="{Right}" y1="{Y(share):0.#}" y2="{Y(share):0.#}" stroke="#d0d7de"/>""");
            Add($"""<text x="{Left - 8}" y="{Y(share) + 4:0.#}" text-anchor="end">{share * 100:0} %</text>""");
        }

        foreach (var moment in (ReadOnlySpan<TimeSpan>)[TimeSpan.Zero, _result.Leave, _result.Return, _result.Setting.Length])
        {
            Add($"""<text x="{X(moment):0.#}" y="{Bottom + 22}" text-anchor="middle">{DurationText.Format(moment)}</text>""");
        }
    }

    private void DrawLine(RoutingSide side, string colour)
    {
        var points = new List<string>();
        foreach (var (earlier, later) in side.Samples.Zip(side.Samples.Skip(1)))
        {
            if (later.At <= _result.Setting.Length && side.HitRatio(earlier.At, later.At) is { } ratio)
            {
                points.Add(string.Create(CultureInfo.InvariantCulture, $"{X((earlier.At + later.At) / 2):0.#},{Y(ratio):0.#}"));
            }
        }

        Add($"""<polyline points="{string.Join(' ', points)}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>""");
    }

    private double X(TimeSpan moment) => Left + (moment / _result.Setting.Length * (Right - Left));

    private static double Y(double share) => Bottom - (share * (Bottom - Top));

    private void Add(FormattableString element) => _svg.Append(FormattableString.Invariant(element)).Append('\n');
}
