using System.Text.Json;

namespace FastMixer.LoadTest.Report;

/// <summary>One JSON object and a line feed.</summary>
internal static class JsonOutput
{
    /// <summary>Writes an object.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="properties">Writes its properties.</param>
    public static void Write(Stream output, Action<Utf8JsonWriter> properties)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        properties(json);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
