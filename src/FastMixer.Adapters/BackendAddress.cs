using System.Globalization;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters;

/// <summary>Where a backend is: a host by name or address, and a port.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port, 1 to 65535.</param>
internal sealed record BackendAddress(string Host, int Port)
{
    /// <summary>Reads <c>address</c>: <c>host:port</c>, an IPv6 address in brackets.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="otherwise">The port on this machine where the backend is if nothing is said.</param>
    public static BackendAddress Read(ParameterReader reader, int otherwise)
    {
        var local = new BackendAddress("localhost", otherwise);
        ScalarNode? text = reader.Field("address") is null ? null : reader.RequiredText("address");
        if (text is null)
        {
            return local;
        }

        int colon = text.Text.LastIndexOf(':');
        string host = colon < 0 ? "" : text.Text[..colon];
        bool isBracketed = host is ['[', .., ']'];
        host = isBracketed ? host[1..^1] : host;
        UriHostNameType kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown
            || isBracketed != (kind == UriHostNameType.IPv6)
            || !ushort.TryParse(text.Text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
        {
            reader.Fail(text.Place, $"\"address\": expected host:port, such as localhost:{otherwise} or [::1]:{otherwise}, found {text.Describe()}.");
            return local;
        }

        return new BackendAddress(host, port);
    }
}
