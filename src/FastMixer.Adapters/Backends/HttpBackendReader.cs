using FastMixer.Adapters.Values;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters.Backends;

/// <summary>Reads the parameters that all backends reached by HTTP have in common. What it returns after a problem is never used.</summary>
internal static class HttpBackendReader
{
    private const int DefaultMaxConnections = 64;
    private const int MostConnections = 4096;
    private const int MostHeaders = 32;

    private static readonly Uri Nowhere = new("http://localhost");

    // What the client writes itself, or what belongs to one connection.
    private static readonly string[] OwnHeaders =
        ["connection", "content-length", "content-type", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

    /// <summary>Reads the URL, <c>headers</c>, <c>max_connections</c> and <c>ca_file</c>.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="url">The name of the parameter that holds the URL.</param>
    public static HttpBackendSettings Read(ParameterReader reader, string url) =>
        Read(reader, ReadUrl(reader, url, Uri.UriSchemeHttp, Uri.UriSchemeHttps) ?? Nowhere);

    /// <summary>Reads <c>headers</c>, <c>max_connections</c> and <c>ca_file</c>.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="url">The URL.</param>
    public static HttpBackendSettings Read(ParameterReader reader, Uri url)
    {
        string caFile = reader.Text("ca_file");
        if (caFile.Length > 0 && url.Scheme != Uri.UriSchemeHttps)
        {
            reader.Fail(reader.Field("ca_file")!.Place, "\"ca_file\": only an https URL has a use for it.");
        }

        return new HttpBackendSettings(
            url, ReadHeaders(reader), reader.Int32("max_connections", DefaultMaxConnections, 1, MostConnections), caFile);
    }

    /// <summary>Reads a URL that must be there. What it holds is not told where it may hold a secret.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="schemes">The schemes that are right.</param>
    /// <returns>The URL, or null after a problem.</returns>
    public static Uri? ReadUrl(ParameterReader reader, string name, params string[] schemes)
    {
        if (reader.RequiredText(name) is not { } text)
        {
            return null;
        }

        string? problem = !Uri.TryCreate(text.Text, UriKind.Absolute, out Uri? url) || !schemes.Contains(url.Scheme)
            ? $"expected a URL that begins with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}"
            : url.UserInfo.Length > 0 ? "a URL with credentials is refused, since URLs are told in logs; give them as one of the \"headers\", such as authorization"
            : url.Fragment.Length > 0 ? "a URL with a fragment (#) is never sent so"
            : url.IsFile && url.Host.Length > 0 ? "a file must be of this machine: file:///folder/name"
            : null;
        if (problem is not null)
        {
            reader.Fail(text.Place, $"\"{name}\": {problem}.");
        }

        return problem is null ? url : null;
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(ParameterReader reader)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (ConfigField field in reader.Map("headers"))
        {
            if (TryReadName(reader, field) && HeaderReader.TryReadValue(reader, field, asciiOnly: true, out string value))
            {
                headers.Add(KeyValuePair.Create(field.Name, value));
            }
        }

        if (headers.Count > MostHeaders)
        {
            reader.Fail(reader.Field("headers")!.Place, $"\"headers\": at most {MostHeaders} are allowed, found {headers.Count}.");
        }

        return headers;
    }

    /// <summary>Whether a field's name is that of a header that a request may be given.</summary>
    /// <param name="reader">Takes the problem if it is not.</param>
    /// <param name="field">The field.</param>
    public static bool TryReadName(ParameterReader reader, ConfigField field)
    {
        if (!HeaderReader.IsName(reader, field))
        {
            return false;
        }

        if (OwnHeaders.Contains(field.Name, StringComparer.OrdinalIgnoreCase))
        {
            reader.Fail(field.Place, $"\"{field.Name}\": this header is written by the server itself.");
            return false;
        }

        return true;
    }
}
