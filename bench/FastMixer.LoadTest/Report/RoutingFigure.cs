using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Report;

/// <summary>Draws the hit ratio of the servers' caches over time as SVG, a line for each way of routing, with the time shaded in which a server is away.</summary>
internal static class RoutingFigure
{
    private const int Height = 330;

    private static readonly TimeFigure.Panel Panel = new(Top: 65, Bottom: 290);
    private static readonly string[] Colours = ["#d1242f", "#1f6feb"];

    /// <summary>The picture, as the text of an SVG file.</summary>
    public static string Draw(RoutingResult result)
    {
        var setting = result.Setting;
        var figure = new TimeFigure(
            Height,
            setting.Length,
            $"Checks answered from the servers' caches: {Quantity.Count(setting.Keys)} keys, four servers that keep {Quantity.Count(setting.CacheEntries)} verdicts each");
        foreach (var (i, side) in result.Sides.Index())
        {
            figure.AddLegend(i, Colours[i], $"{side.Name}: the backend is asked {Quantity.Count(side.BackendCalls)} times");
        }

        figure.AddPanel(Panel, result.Leave, result.Return, [(0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1, "100 %")]);
        figure.AddText(result.Leave, Panel.Bottom - 8, "one of four servers is away");
        figure.AddMoments(Panel, [TimeSpan.Zero, result.Leave, result.Return, setting.Length]);
        foreach (var (i, side) in result.Sides.Index())
        {
            figure.AddLine(Panel, Colours[i], Points(side, setting.Length));
        }

        return figure.ToString();
    }

    private static IEnumerable<(TimeSpan Moment, double? Level)> Points(RoutingSide side, TimeSpan length) =>
        side.Samples.Zip(side.Samples.Skip(1))
            .Where(pair => pair.Second.At <= length)
            .Select(pair => ((pair.First.At + pair.Second.At) / 2, side.HitRatio(pair.First.At, pair.Second.At)));
}
