using System.Text.Json;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes a report for programs: one JSON object, times in seconds.</summary>
internal static class JsonReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(Stream output, LoadReport report) => JsonOutput.Write(output, json =>
    {
        WriteSettings(json, report);
        JsonSides.Write(json, report.Sides);
        WriteOutcome(json, report.Server.Total);
    });

    private static void WriteSettings(Utf8JsonWriter json, LoadReport report)
    {
        var options = report.Options;
        json.WriteString("address", report.Server.Target.Address.Text);
        json.WriteString("software", report.Software);
        JsonSides.WriteSettings(json, options.Load);
        JsonSides.WriteKeys(json, options.Keys);
        json.WriteNumber("attributes", report.Check.AttributeCount);
        json.WriteNumber("requestBytes", report.Check.Length);
        json.WriteNumber("answerBytes", report.AnswerBytes);
        json.WriteNumber("meanAnswerBytes", report.MeanAnswerBytes(report.Server.Total));
        json.WriteString("placement", report.Placement);
        json.WriteBoolean("pinned", options.Pin is not null);
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
