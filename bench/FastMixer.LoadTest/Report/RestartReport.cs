using System.Text.Json;
using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes what a rolling restart came to.</summary>
internal static class RestartReport
{
    /// <summary>Writes it for people.</summary>
    public static void WriteText(TextWriter output, RestartResult result)
    {
        FleetText.WriteSetting(output, result.Setting, result.Placement);
        output.WriteLine($"{"restarts",-15}each server {(result.Kill ? "killed (SIGKILL)" : "drained (SIGTERM)")} and started again, one after the other");
        output.WriteLine();
        var checks = new TextTable(["checks", "by servers", "by sidecars", "stale or failed", "failovers", "left out", "p99", "longest"]);
        checks.Add(
        [
            Quantity.Count(result.Checks), Quantity.Count(result.FromServer), Quantity.Count(result.FromCache), Quantity.Count(result.Failed),
            Quantity.Count(result.Failovers), Quantity.Count(result.Ejections), Quantity.Seconds(result.P99Seconds), Quantity.Seconds(result.LongestSeconds),
        ]);
        checks.Write(output);
        output.WriteLine();
        var fates = result.Records;
        var records = new TextTable(["records", "acknowledged", "unacknowledged", "dropped", "unaccounted", "written by servers"]);
        records.Add(
        [
            Quantity.Count(fates.Added), Quantity.Count(fates.Acknowledged), Quantity.Count(fates.Unacknowledged), Quantity.Count(fates.Dropped),
            Quantity.Count(fates.Unaccounted), Quantity.Count(fates.Written),
        ]);
        records.Write(output);
        FailureText.Write(output, "checks", result.Failures);
    }

    /// <summary>Writes it for programs.</summary>
    public static void WriteJson(Utf8JsonWriter json, RestartResult result)
    {
        json.WriteString("placement", result.Placement);
        json.WriteBoolean("kill", result.Kill);
        json.WriteNumber("checks", result.Checks);
        json.WriteNumber("fromServer", result.FromServer);
        json.WriteNumber("fromCache", result.FromCache);
        json.WriteNumber("stale", result.Stale);
        json.WriteNumber("failed", result.Failed);
        json.WriteNumber("failovers", result.Failovers);
        json.WriteNumber("ejections", result.Ejections);
        json.WriteNumber("p99Seconds", result.P99Seconds);
        json.WriteNumber("longestSeconds", result.LongestSeconds);
        var fates = result.Records;
        json.WriteStartObject("records");
        json.WriteNumber("added", fates.Added);
        json.WriteNumber("acknowledged", fates.Acknowledged);
        json.WriteNumber("unacknowledged", fates.Unacknowledged);
        json.WriteNumber("dropped", fates.Dropped);
        json.WriteNumber("written", fates.Written);
        json.WriteEndObject();
    }
}
