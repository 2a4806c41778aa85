using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace FastMixer.Adapters.Backends;

/// <summary>Makes requests that carry JSON.</summary>
internal static class JsonRequest
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>A POST.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="write">Writes the body.</param>
    public static HttpRequestMessage Post(Uri url, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            write(json);
        }

        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = Json } },
        };
    }
}
