using System.Net;
using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.List.Provided;

/// <summary>A list that an HTTP server has. It is asked for only if it changed, where the server says how to ask so.</summary>
internal sealed class HttpListSource(HttpBackendSettings settings, int maxBytes) : IListSource
{
    private readonly HttpBackend _backend = new(settings);

    /// <inheritdoc/>
    public async Task<ListDocument?> FetchAsync(ListVersion? known, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, settings.Url);
        SetHeader(request, "If-None-Match", known?.EntityTag);
        SetHeader(request, "If-Modified-Since", known?.LastModified);
        using HttpResponseMessage response = await _backend.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new BackendException($"answered {(int)response.StatusCode} instead of 200");
        }

        // What stands between may answer for the provider, with a page for people.
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw new BackendException("answered with a page of HTML instead of a list");
        }

        byte[] body = await HttpBackend.ReadBodyAsync(response, maxBytes, cancellationToken).ConfigureAwait(false);
        return new ListDocument(body, new ListVersion(response.Headers.ETag?.ToString(), First(response.Content.Headers, "Last-Modified")));
    }

    /// <inheritdoc/>
    public void Dispose() => _backend.Dispose();

    private static void SetHeader(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string? First(System.Net.Http.Headers.HttpContentHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
