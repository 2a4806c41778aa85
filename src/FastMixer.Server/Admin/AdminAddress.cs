using System.Diagnostics.CodeAnalysis;

namespace FastMixer.Server.Admin;

/// <summary>Where the admin pages are: <c>http://host:port</c>.</summary>
/// <param name="Host">An address or a name of this machine, or * for all of them.</param>
/// <param name="Port">The port; 0 for any free one.</param>
public sealed record AdminAddress(string Host, int Port)
{
    /// <summary>The port of the admin pages unless another is chosen.</summary>
    public const int DefaultPort = 9901;

    /// <summary>Where the pages are unless another address is chosen: for this machine only.</summary>
    public static AdminAddress Default { get; } = new("127.0.0.1", DefaultPort);

    /// <summary>What requests may name as their host: of this machine's own address, its usual name too.</summary>
    internal IReadOnlyList<string> Prefixes => Host switch
    {
        "127.0.0.1" => [Prefix("127.0.0.1"), Prefix("localhost")],
        "*" or "0.0.0.0" or "[::]" => [Prefix("+")],
        _ => [Prefix(Host)],
    };

    /// <summary>Reads an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What is wrong with it, and what would be right.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AdminAddress? address, [NotNullWhen(false)] out string? problem)
    {
        const string scheme = "http://";
        address = null;
        problem = $"expected http://host:port or none, such as http://127.0.0.1:{DefaultPort}; found '{text}'";
        if (!text.StartsWith(scheme, StringComparison.Ordinal))
        {
            return false;
        }

        string authority = text[scheme.Length..].TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        string host = colon < 0 ? authority : authority[..colon];
        int port = DefaultPort;
        bool valid = (host == "*" || Uri.CheckHostName(host) != UriHostNameType.Unknown)
            && (colon < 0 || (int.TryParse(authority.AsSpan(colon + 1), out port) && port is >= 0 and <= ushort.MaxValue));
        if (valid)
        {
            address = new AdminAddress(host, port);
            problem = null;
        }

        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => $"http://{Host}:{Port}/";

    private string Prefix(string host) => $"http://{host}:{Port}/";
}
