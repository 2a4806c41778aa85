using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FastMixer.Cli.Output;

/// <summary>Makes the one-line JSON that programs read.</summary>
internal static class JsonText
{
    // The output is no HTML, so that only what JSON itself asks for is escaped, and people can read it too.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object.</summary>
    /// <param name="writeProperties">Writes what stands between its braces.</param>
    public static string Object(Action<Utf8JsonWriter> writeProperties)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A duration in whole milliseconds.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The property.</param>
    /// <param name="duration">The duration.</param>
    public static void WriteMilliseconds(this Utf8JsonWriter json, string name, TimeSpan duration) =>
        json.WriteNumber(name, duration.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>A duration in whole microseconds.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The property.</param>
    /// <param name="duration">The duration.</param>
    public static void WriteMicroseconds(this Utf8JsonWriter json, string name, TimeSpan duration) =>
        json.WriteNumber(name, duration.Ticks / TimeSpan.TicksPerMicrosecond);
}
