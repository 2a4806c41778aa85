using FastMixer.LoadTest.Experiments;

namespace FastMixer.LoadTest.Report;

/// <summary>Writes comparisons for programs: one JSON object with an object per experiment, times in seconds.</summary>
internal static class ComparisonJson
{
    /// <summary>Writes the results.</summary>
    public static void Write(Stream output, IReadOnlyList<ExperimentResult> results) => JsonOutput.Write(output, json =>
    {
        foreach (var result in results)
        {
            json.WriteStartObject(result.Name);
            json.WriteString("title", result.Title);
            JsonSides.WriteSettings(json, result.Load);
            JsonSides.WriteKeys(json, result.Keys);
            json.WriteString("placement", result.Placement);
            JsonSides.Write(json, result.Sides);
            json.WriteNumber("failures", result.Failures);
            json.WriteEndObject();
        }
    });
}
