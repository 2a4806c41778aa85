using FastMixer.Policy.Language.Syntax;

namespace FastMixer.Policy.Config.Warnings;

/// <summary>Attributes that an expression of a check or quota had better not read (spec/config.md, Warnings).</summary>
internal static class CheckTimeAttributes
{
    private static readonly HashSet<string> OfEachRequest =
        ["request.id", "request.time", "context.time", "context.timestamp", "connection.id"];

    private static readonly HashSet<string> HeadersOfEachRequest =
    [
        "x-request-id", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "b3", "traceparent", "tracestate", "x-ot-span-context",
        "x-cloud-trace-context", "x-amzn-trace-id", "x-client-trace-id", "uber-trace-id",
    ];

    private static readonly HashSet<string> OfReports =
    [
        "request.size", "request.total_size", "connection.event", "connection.duration", "context.proxy_error_code", "quota.cache_hit",
    ];

    private static readonly string[] PrefixesOfReports = ["response.", "connection.received.", "connection.sent.", "check.", "rbac.permissive."];

    /// <summary>What is to be said of each look-up of an expression that makes no sense in a check.</summary>
    /// <param name="expression">The expression.</param>
    /// <returns>Where in the text, and what.</returns>
    public static IEnumerable<(int Offset, string Message)> Find(Expression expression) => expression switch
    {
        IndexOf { Map: AttributeName { Name: "request.headers" } map, Key: Literal { Text: var key } } when HeadersOfEachRequest.Contains(key) =>
            [(map.Offset, Defeats($"request.headers[\"{key}\"]"))],
        IndexOf index => Find(index.Map).Concat(Find(index.Key)),
        AttributeName name when OfEachRequest.Contains(name.Name) => [(name.Offset, Defeats(name.Name))],
        AttributeName name when IsOfReports(name.Name) =>
            [(name.Offset, $"\"{name.Name}\" is known only when a request is reported: it is never there at check time.")],
        Call call => (call.Receiver is null ? call.Arguments : call.Arguments.Prepend(call.Receiver)).SelectMany(Find),
        ListOf list => list.Items.SelectMany(Find),
        _ => [],
    };

    private static bool IsOfReports(string name) =>
        OfReports.Contains(name) || Array.Exists(PrefixesOfReports, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static string Defeats(string what) =>
        $"\"{what.Replace("\"", "'", StringComparison.Ordinal)}\" differs with every request: no answer that depends on it is ever reused.";
}
