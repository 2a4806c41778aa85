using System.Text.Json;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes a report for programs: one JSON object, times in seconds.</summary>
internal static class JsonReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(Stream output, LoadReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        WriteSettings(json, report);
        WriteSide(json, "server", report.ServerRounds);
        if (report.FloorRounds.Count > 0)
        {
            WriteSide(json, "floor", report.FloorRounds);
            WriteRatios(json, report);
        }

        WriteOutcome(json, report.Total);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteSettings(Utf8JsonWriter json, LoadReport report)
    {
        var options = report.Options;
        json.WriteString("address", report.Server.Address.Text);
        json.WriteString("software", report.Software);
        json.WriteString("loop", options.Rate is null ? "closed" : "open");
        if (options.Rate is { } rate)
        {
            json.WriteNumber("wantedRatePerSecond", rate);
        }

        json.WriteNumber("connections", options.Connections);
        json.WriteNumber("depth", options.EffectiveDepth);
        json.WriteNumber("keys", options.Keys);
        json.WriteNumber("attributes", report.Server.Check.AttributeCount);
        json.WriteNumber("requestBytes", report.Server.Check.Length);
        json.WriteNumber("answerBytes", report.AnswerBytes);
        json.WriteNumber("meanAnswerBytes", report.MeanAnswerBytes(report.Total));
        json.WriteNumber("rounds", options.Rounds);
        json.WriteNumber("durationSeconds", options.Duration.TotalSeconds);
        json.WriteNumber("warmupSeconds", options.Warmup.TotalSeconds);
        json.WriteString("placement", report.Placement);
        json.WriteBoolean("pinned", options.Pin is not null);
    }

    private static void WriteSide(Utf8JsonWriter json, string name, IReadOnlyList<RoundResult> rounds)
    {
        json.WriteStartObject(name);
        foreach (var metric in Metric.All)
        {
            if (metric.Over(rounds) is { } spread)
            {
                json.WriteStartObject(metric.Key);
                json.WriteNumber("median", spread.Median);
                json.WriteNumber("min", spread.Min);
                json.WriteNumber("max", spread.Max);
                json.WriteStartArray("rounds");
                foreach (var round in rounds)
                {
                    json.WriteNumberValue(metric.Read(round)!.Value);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteRatios(Utf8JsonWriter json, LoadReport report)
    {
        json.WriteStartObject("serverToFloor");
        foreach (var metric in Metric.All)
        {
            if (metric.Over(report.ServerRounds) is { } server && metric.Over(report.FloorRounds) is { Median: > 0 } floor)
            {
                json.WriteNumber(metric.Key, server.Median / floor.Median);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, Measurement total)
    {
        json.WriteStartObject("verdicts");
        for (var status = 0; status < Measurement.StatusCount; status++)
        {
            if (total.Statuses[status] > 0)
            {
                json.WriteNumber(WireNames.Status(status), total.Statuses[status]);
            }
        }

        json.WriteEndObject();
        json.WriteNumber("errors", total.Errors);
        json.WriteString("firstError", total.FirstError);
        json.WriteNumber("lost", total.Lost);
        json.WriteNumber("unsent", total.Unsent);
        json.WriteNumber("generatorAllocatedBytes", total.AllocatedBytes);
    }
}
