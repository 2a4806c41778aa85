using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Addresses;

namespace FastMixer.Client.Fleet.Naming;

/// <summary>One of the addresses of a fleet: a server, or a name that leads to servers. Immutable.</summary>
internal sealed record FleetAddress
{
    private const string DnsScheme = "dns://";
    private const string SrvScheme = "srv://";

    private FleetAddress(string text, MixerAddress? server, string? srvName)
    {
        Text = text;
        Server = server;
        SrvName = srvName;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The server; where <see cref="IsName"/>, a name and a port that each of the name's addresses is a server at. Null for SRV records.</summary>
    public MixerAddress? Server { get; }

    /// <summary>The name of the SRV records; null for others.</summary>
    public string? SrvName { get; }

    /// <summary>Whether it must be looked up, again and again.</summary>
    public bool IsName => SrvName is not null || Text.StartsWith(DnsScheme, StringComparison.Ordinal);

    /// <summary>Reads an address.</summary>
    /// <param name="text">What a person wrote.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">Why it is none, and what would be.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FleetAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (text.StartsWith(SrvScheme, StringComparison.Ordinal))
        {
            return TryParseSrv(text, out address, out problem);
        }

        bool isName = text.StartsWith(DnsScheme, StringComparison.Ordinal);
        if (!isName && !text.StartsWith("tcp://", StringComparison.Ordinal)
            && !text.StartsWith("udp://", StringComparison.Ordinal) && !text.StartsWith("unix://", StringComparison.Ordinal))
        {
            problem = $"'{text}' is no address: expected tcp://host:port, unix:///path, udp://host:port, dns://name:port or srv://_service._tcp.name.";
            return false;
        }

        if (!MixerAddress.TryParse(isName ? $"tcp://{text[DnsScheme.Length..]}" : text, out MixerAddress? server, out problem))
        {
            problem = isName ? problem.Replace("tcp://", DnsScheme, StringComparison.Ordinal) : problem;
            return false;
        }

        if (server.Transport != Transport.Unix && server.Port == 0)
        {
            problem = $"'{text}' has port 0, where no server listens: expected 1 to 65535.";
            return false;
        }

        address = new FleetAddress(text, server, srvName: null);
        return true;
    }

    private static bool TryParseSrv(string text, [NotNullWhen(true)] out FleetAddress? address, [NotNullWhen(false)] out string? problem)
    {
        string name = text[SrvScheme.Length..];
        string[] labels = name.Split('.');
        bool isRight = labels.Length > 2 && labels[0].StartsWith('_') && labels[1] == "_tcp" && name.IndexOfAny(['/', ':', ' ']) < 0;
        address = isRight ? new FleetAddress(text, server: null, name) : null;
        problem = isRight ? null : $"'{text}' names no SRV records: expected srv://_service._tcp.name, such as srv://_fastmixer._tcp.example.org.";
        return isRight;
    }
}
