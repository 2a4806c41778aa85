using System.Text.Json;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes the parts that all reports for programs have in common, as properties of the object begun.</summary>
internal static class JsonSides
{
    /// <summary>Writes how the sides were driven.</summary>
    public static void WriteSettings(Utf8JsonWriter json, RoundSettings settings)
    {
        json.WriteString("loop", settings.Rate is null ? "closed" : "open");
        if (settings.Rate is { } rate)
        {
            json.WriteNumber("wantedRatePerSecond", rate);
        }

        json.WriteNumber("connections", settings.Connections);
        json.WriteNumber("depth", settings.EffectiveDepth);
        json.WriteNumber("rounds", settings.Rounds);
        json.WriteNumber("durationSeconds", settings.Duration.TotalSeconds);
        json.WriteNumber("warmupSeconds", settings.Warmup.TotalSeconds);
    }

    /// <summary>Writes how requests differed: a number, or "distinct".</summary>
    public static void WriteKeys(Utf8JsonWriter json, KeySource keys)
    {
        if (keys.IsDistinct)
        {
            json.WriteString("keys", "distinct");
        }
        else
        {
            json.WriteNumber("keys", keys.Count);
        }
    }

    /// <summary>Writes an object for each side, and one for the ratios of the first to each other one.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Side> sides)
    {
        foreach (var side in sides)
        {
            json.WriteStartObject(side.Name);
            WriteRounds(json, side.Rounds);
            json.WriteEndObject();
        }

        foreach (var other in sides.Skip(1))
        {
            json.WriteStartObject($"{sides[0].Name}To{char.ToUpperInvariant(other.Name[0])}{other.Name[1..]}");
            WriteRatios(json, sides[0].Rounds, other.Rounds);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes what rounds found, metric by metric.</summary>
    public static void WriteRounds(Utf8JsonWriter json, IReadOnlyList<RoundResult> rounds)
    {
        foreach (var metric in Metric.All)
        {
            WriteSpread(json, metric.Key, [.. rounds.Select(metric.Read)]);
        }
    }

    /// <summary>Writes what several rounds say of a number; nothing if one of them does not know it.</summary>
    public static void WriteSpread(Utf8JsonWriter json, string key, IReadOnlyList<double?> rounds)
    {
        if (Spread.Of(rounds) is not { } spread)
        {
            return;
        }

        json.WriteStartObject(key);
        json.WriteNumber("median", spread.Median);
        json.WriteNumber("min", spread.Min);
        json.WriteNumber("max", spread.Max);
        json.WriteStartArray("rounds");
        foreach (var value in rounds)
        {
            json.WriteNumberValue(value!.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRatios(Utf8JsonWriter json, IReadOnlyList<RoundResult> first, IReadOnlyList<RoundResult> other)
    {
        foreach (var metric in Metric.All)
        {
            if (metric.Over(first) is { } a && metric.Over(other) is { Median: > 0 } b)
            {
                json.WriteNumber(metric.Key, a.Median / b.Median);
            }
        }
    }
}
