using System.Text;
using System.Text.Json;

namespace FastMixer.Server.Admin;

/// <summary>A page while it is being made. Belongs to one request.</summary>
/// <param name="wantsJson">Whether the client asks for JSON where a page has text too.</param>
public sealed class AdminReply(bool wantsJson)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Whether the client asks for JSON: by <c>?format=json</c>, or by what it accepts.</summary>
    public bool WantsJson { get; } = wantsJson;

    /// <summary>The HTTP status.</summary>
    public int Status { get; set; } = 200;

    /// <summary>The type of the content.</summary>
    public string ContentType { get; set; } = "text/plain; charset=utf-8";

    /// <summary>The content, kept in memory until it is whole: a page that fails half-way is an error, not half a page.</summary>
    public MemoryStream Body { get; } = new();

    /// <summary>Writes a line of text.</summary>
    public void WriteLine(string line) => Body.Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes the content as JSON.</summary>
    /// <param name="write">Writes one value.</param>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        ContentType = "application/json";
        using (var json = new Utf8JsonWriter(Body, Indented))
        {
            write(json);
        }

        Body.WriteByte((byte)'\n');
    }
}
