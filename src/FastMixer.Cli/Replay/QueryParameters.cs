using System.Net;

namespace FastMixer.Cli.Replay;

/// <summary>Reads the parameters of a query, decoded. Of a name that stands twice the first value counts.</summary>
internal static class QueryParameters
{
    /// <summary>Fills a map with the parameters.</summary>
    /// <param name="query">What stands behind the question mark.</param>
    /// <param name="parameters">Emptied first.</param>
    public static void Read(string query, Dictionary<string, string> parameters)
    {
        parameters.Clear();
        foreach (Range range in query.AsSpan().Split('&'))
        {
            string part = query[range];
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = Decode(equals < 0 ? part : part[..equals]);
            if (name.Length > 0)
            {
                parameters.TryAdd(name, equals < 0 ? "" : Decode(part[(equals + 1)..]));
            }
        }
    }

    private static string Decode(string text) => text.AsSpan().ContainsAny('%', '+') ? WebUtility.UrlDecode(text) : text;
}
