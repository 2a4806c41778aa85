using System.Globalization;
using System.Xml.Linq;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Outage;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Tests.Outage;

public sealed class OutageFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_AnOutageInTheMiddle_ShadesIt()
    {
        var shade = Draw().Descendants(Svg + "rect").Where(static rect => Attribute(rect, "width") < 900).ToArray();

        // The time line is 810 wide and begins at 70.
        Assert.Equal(2, shade.Length);
        Assert.All(shade, static rect => Assert.Equal((340.0, 270.0), (Attribute(rect, "x"), Attribute(rect, "width"))));
    }

    [Fact]
    public void Draw_TwoSides_HasALineForEachInBothPanels()
    {
        var lines = Draw().Descendants(Svg + "polyline").Select(static line => line.Attribute("points")!.Value.Split(' ')).ToArray();

        Assert.Equal(4, lines.Length);
        Assert.All(lines, static points => Assert.Equal(9, points.Length));
        Assert.EndsWith(",235", lines[0][4], StringComparison.Ordinal); // without: nothing decided in the outage
        Assert.EndsWith(",85", lines[1][4], StringComparison.Ordinal); // with: everything
    }

    private static XElement Draw()
    {
        var options = new OutageOptions
        {
            Length = TimeSpan.FromSeconds(9),
            Begin = TimeSpan.FromSeconds(3),
            Outage = TimeSpan.FromSeconds(3),
            Manner = OutageManner.Stall,
            Rate = 1,
            Timeout = TimeSpan.FromSeconds(1),
            Delay = TimeSpan.Zero,
            Availability = 1,
            MaxAge = TimeSpan.Zero,
            Keys = 1,
            Share = 1,
        };
        var with = Side("with FastMixer", static _ => true);
        var without = Side("without", static second => second is < 3 or >= 6);
        return XElement.Parse(OutageFigure.Draw(new OutageResult(options, "anywhere", with, without)));
    }

    private static OutageSide Side(string name, Func<int, bool> decided)
    {
        var timeline = new Timeline(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1));
        for (var second = 0; second < 9; second++)
        {
            timeline.Add(
                TimeSpan.FromSeconds(second), TimeSpan.FromMilliseconds(1), key: 1, seen: true, decided(second) ? CheckOutcome.Decided : new CheckOutcome("down"));
        }

        return new OutageSide(name, timeline, new BackendStatistics(0, 0, 0));
    }

    private static double Attribute(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
