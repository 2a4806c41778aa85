using System.Text.Json;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what routing came to.</summary>
internal static class RoutingReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, RoutingResult result)
    {
        FleetText.WriteSetting(output, result.Setting, result.Placement);
        output.WriteLine($"{"server 4",-15}leaves after {DurationText.Format(result.Leave)}, returns after {DurationText.Format(result.Return)}");
        output.WriteLine();
        var table = new TextTable(["", "checks", "hit ratio, all four", "three", "four again", "backend calls", "busiest/mean, hot key", "failed"]);
        foreach (var side in result.Sides)
        {
            table.Add(
            [
                side.Name,
                Quantity.Count(side.Checks),
                .. Parts(result, side).Select(static part => Quantity.Percent(part.Ratio)),
                Quantity.Count(side.BackendCalls),
                Quantity.Ratio(side.BusiestOverMean),
                Quantity.Count(side.Failed),
            ]);
        }

        table.Write(output);
        output.WriteLine();
        var moves = result.Moves;
        output.WriteLine(
            $"Keys by sharding: {Quantity.Percent(Share(moves.Left, moves))} of {Quantity.Count(moves.Keys)} moved when the server left, "
            + $"{Quantity.Percent(Share(moves.Returned, moves))} when it returned; {Quantity.Count(moves.Needless)} moved that had not been with it, "
            + $"{Quantity.Percent(Share(moves.Home, moves))} are where they were.");
        foreach (var side in result.Sides)
        {
            FailureText.Write(output, side.Name, side.Failures);
        }
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Utf8JsonWriter json, RoutingResult result)
    {
        json.WriteString("placement", result.Placement);
        WriteSide(json, "random", result, result.Random);
        WriteSide(json, "sharded", result, result.Sharded);
        var moves = result.Moves;
        json.WriteStartObject("keys");
        json.WriteNumber("count", moves.Keys);
        json.WriteNumber("movedWhenLeft", Share(moves.Left, moves));
        json.WriteNumber("movedWhenReturned", Share(moves.Returned, moves));
        json.WriteNumber("movedNeedlessly", moves.Needless);
        json.WriteNumber("home", Share(moves.Home, moves));
        json.WriteEndObject();
    }

    private static void WriteSide(Utf8JsonWriter json, string name, RoutingResult result, RoutingSide side)
    {
        json.WriteStartObject(name);
        json.WriteNumber("checks", side.Checks);
        foreach (var (key, ratio) in Parts(result, side))
        {
            if (ratio is { } number)
            {
                json.WriteNumber(key, number);
            }
        }

        json.WriteNumber("backendCalls", side.BackendCalls);
        json.WriteNumber("busiestOverMean", side.BusiestOverMean);
        json.WriteNumber("failed", side.Failed);
        json.WriteEndObject();
    }

    private static (string Key, double? Ratio)[] Parts(RoutingResult result, RoutingSide side) =>
    [
        ("hitRatioAll", side.HitRatio(result.Warm, result.Leave)),
        ("hitRatioThree", side.HitRatio(result.Leave, result.Return)),
        ("hitRatioAgain", side.HitRatio(result.Return, result.Setting.Length)),
    ];

    private static double Share(int count, KeyMoves moves) => moves.Keys == 0 ? 0 : (double)count / moves.Keys;
}
