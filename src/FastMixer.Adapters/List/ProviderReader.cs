using FastMixer.Adapters.Backends;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters.List;

/// <summary>Reads the parameters of a list's provider.</summary>
internal static class ProviderReader
{
    private const int DefaultMaxBytes = 16 * 1024 * 1024;
    private const int MostBytes = 1024 * 1024 * 1024;
    private const int DefaultMaxEntries = 1_000_000;
    private const int MostEntries = 100_000_000;

    // Each is asked with every value, and takes up to a megabyte.
    private const int DefaultMaxPatterns = 1_000;

    private static readonly TimeSpan DefaultRefreshInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LeastRefreshInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastRequestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(30);

    private static readonly string[] ProviderFields =
        ["refresh_interval", "ttl", "request_timeout", "max_bytes", "max_entries", "headers", "max_connections", "ca_file"];

    /// <summary>Reads them.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="type">What the entries are.</param>
    /// <returns>The provider, or null if there is none, or after a problem.</returns>
    public static ProviderSettings? Read(ParameterReader reader, EntryType type)
    {
        if (reader.Field("provider_url") is null)
        {
            RefuseWithoutProvider(reader);
            return null;
        }

        Uri? url = HttpBackendReader.ReadUrl(reader, "provider_url", Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeFile);
        TimeSpan refresh = ReadDuration(reader, "refresh_interval", DefaultRefreshInterval, LeastRefreshInterval, "1s");
        TimeSpan life = ReadDuration(reader, "ttl", refresh > DefaultLife ? refresh : DefaultLife, refresh, "the refresh_interval");
        TimeSpan timeout = ReadDuration(reader, "request_timeout", DefaultRequestTimeout, LeastRequestTimeout, "1ms");
        int maxBytes = reader.Int32("max_bytes", DefaultMaxBytes, 1, MostBytes);
        int maxEntries = reader.Int32("max_entries", type == EntryType.Regex ? DefaultMaxPatterns : DefaultMaxEntries, 1, MostEntries);
        return url is null ? null : new ProviderSettings(HttpBackendReader.Read(reader, url), refresh, life, timeout, maxBytes, maxEntries);
    }

    // They would have no effect, which whoever wrote them does not expect.
    private static void RefuseWithoutProvider(ParameterReader reader)
    {
        foreach (string name in ProviderFields)
        {
            if (reader.Field(name) is { } field)
            {
                reader.Fail(field.Place, $"\"{name}\" has no meaning without a \"provider_url\".");
            }
        }
    }

    private static TimeSpan ReadDuration(ParameterReader reader, string name, TimeSpan otherwise, TimeSpan least, string leastText)
    {
        TimeSpan duration = reader.Duration(name, otherwise);
        if (duration >= least && duration <= Most)
        {
            return duration;
        }

        reader.Fail(reader.Field(name)!.Value.Place, $"\"{name}\": expected a duration from {leastText} to 30 days (720h), found '{reader.Text(name)}'.");
        return otherwise;
    }
}
