using System.Globalization;
using System.Xml.Linq;
using FastMixer.LoadTest.Fleet;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class RoutingResultTests
{
    private const int Earlier = 1000; // What a warm-up had counted.

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly KeyMoves Moves = new(Keys: 40, Left: 10, Needless: 0, Returned: 10, Home: 40);

    [Fact]
    public void HitRatio_BetweenTwoMoments_CountsWhatLiesBetween()
    {
        var side = Side("sharding", hitsPerSecond: 8);

        Assert.Equal(0.8, side.HitRatio(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)));
        Assert.Null(side.HitRatio(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)));
        Assert.Equal(90, side.Checks);
    }

    [Fact]
    public void Violations_WithinBounds_AreNone() => Assert.Empty(Result(Moves, busiest: 1.2).Violations);

    [Fact]
    public void Violations_BeyondABound_AreToldEach() =>
        Assert.Collection(
            Result(Moves with { Needless = 2 }, busiest: 1.3).Violations,
            static violation => Assert.StartsWith("the busiest server had 1.30 times the mean", violation, StringComparison.Ordinal),
            static violation => Assert.StartsWith("2 keys moved", violation, StringComparison.Ordinal));

    [Fact]
    public void Draw_AServerThatLeaves_ShadesItsAbsenceAndHasALineForEachSide()
    {
        var picture = XElement.Parse(RoutingFigure.Draw(Result(Moves, busiest: 1)));

        // The time line is 810 wide and begins at 70; the ratios are 225 high and end at 290.
        var shade = Assert.Single(picture.Descendants(Svg + "rect"), static rect => Number(rect, "width") < 900);
        Assert.Equal((340.0, 270.0), (Number(shade, "x"), Number(shade, "width")));
        var lines = picture.Descendants(Svg + "polyline").Select(static line => line.Attribute("points")!.Value.Split(' ')).ToArray();
        Assert.Equal([9, 9], lines.Select(static points => points.Length));
        Assert.All(lines[0], static point => Assert.EndsWith(",177.5", point, StringComparison.Ordinal));
        Assert.All(lines[1], static point => Assert.EndsWith(",110", point, StringComparison.Ordinal));
    }

    private static RoutingResult Result(KeyMoves moves, double busiest) => new(
        Settings.Any, "anywhere", Side("random routing", hitsPerSecond: 5), Side("sharding", hitsPerSecond: 8) with { BusiestOverMean = busiest }, moves);

    private static RoutingSide Side(string name, int hitsPerSecond) => new(
        name,
        [.. Enumerable.Range(0, 10).Select(second => new RoutingSample(
            TimeSpan.FromSeconds(second), new MemberCounts(Earlier + (hitsPerSecond * second), Earlier + ((10 - hitsPerSecond) * second))))],
        new Dictionary<string, long>(),
        BackendCalls: 1,
        BusiestOverMean: 1);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
