using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastMixer.Cli.Replay;

/// <summary>The first line of an HTTP request, as a sidecar understands it. Immutable.</summary>
/// <param name="Method">The method.</param>
/// <param name="Scheme">The scheme that the target names, else <c>http</c>.</param>
/// <param name="Host">The host that the target names, if any.</param>
/// <param name="Path">The path with the query; empty for CONNECT.</param>
internal sealed record RequestLine(string Method, string Scheme, string? Host, string Path)
{
    private static readonly SearchValues<char> MethodChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The path without the query.</summary>
    public string UrlPath => QueryStart < 0 ? Path : Path[..QueryStart];

    /// <summary>What stands behind the question mark; empty if there is none.</summary>
    public string Query => QueryStart < 0 ? "" : Path[(QueryStart + 1)..];

    private int QueryStart => Path.IndexOf('?', StringComparison.Ordinal);

    /// <summary>
    /// Reads <c>METHOD TARGET PROTOCOL</c>, or HTTP 0.9's <c>METHOD TARGET</c>. A target may hold spaces: clients do send them.
    /// </summary>
    /// <param name="text">The line, without escapes.</param>
    /// <param name="request">The request.</param>
    /// <returns>False for what is no HTTP request, such as the hello of a TLS client.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out RequestLine? request)
    {
        request = null;
        int methodEnd = text.IndexOf(' ', StringComparison.Ordinal);
        if (methodEnd <= 0 || text.AsSpan(0, methodEnd).ContainsAnyExcept(MethodChars))
        {
            return false;
        }

        string target = text[(methodEnd + 1)..];
        int protocol = target.LastIndexOf(" HTTP/", StringComparison.Ordinal);
        target = (protocol < 0 ? target : target[..protocol]).Trim(' ');
        if (target.Length == 0)
        {
            return false;
        }

        request = FromTarget(text[..methodEnd], target);
        return true;
    }

    private static RequestLine FromTarget(string method, string target)
    {
        if (method == "CONNECT")
        {
            return new RequestLine(method, "http", target, "");
        }

        int authority = target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
            : target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : 0;
        if (authority == 0)
        {
            return new RequestLine(method, "http", null, target);
        }

        int path = target.AsSpan(authority).IndexOfAny('/', '?');
        string host = path < 0 ? target[authority..] : target.Substring(authority, path);
        string rest = path < 0 ? "/" : target[(authority + path)..];
        return new RequestLine(
            method, target[..(authority - "://".Length)].ToLowerInvariant(), host, rest[0] == '?' ? $"/{rest}" : rest);
    }
}
