using System.Globalization;
using System.Text;

namespace FastMixer.Benchmarks;

/// <summary>
/// A policy as a mesh grows it: five rules for all requests, and five for each service. The sample check is for the service <c>reviews</c>, so
/// that ten of the rules concern it, however many there are.
/// </summary>
internal static class MeshPolicy
{
    private const int RulesForAll = 5;
    private const int RulesOfAService = 5;

    /// <summary>The matches of a service's rules: by caller, method, path, header and cookie.</summary>
    private static readonly string[] OfAService =
    [
        """destination.service.name == "SERVICE" && source.namespace != "default" """,
        """destination.service.name == "SERVICE" && request.method in ["PUT", "POST", "DELETE"] && source.workload.name != "admin" """,
        """destination.service.name == "SERVICE" && request.path.startsWith("/admin/")""",
        """destination.service.name == "SERVICE" && (request.headers["x-debug"] | "no") == "yes" """,
        """match(destination.service.name, "SERVICE") && request.headers["cookie"].startsWith("user=")""",
    ];

    /// <summary>The matches of the rules for all.</summary>
    private static readonly string[] ForAll =
    [
        """source.namespace == "quarantine" """,
        """request.path.startsWith("/internal/") || request.path.startsWith("/debug/")""",
        """(request.headers["x-forwarded-for"] | "") == "203.0.113.9" """,
        """request.method == "TRACE" """,
        """source.ip == ip("192.0.2.1")""",
    ];

    /// <summary>The policy's text.</summary>
    /// <param name="rules">How many rules: 5, and 5 for each service.</param>
    public static string Write(int rules)
    {
        var text = new StringBuilder("""
            kind: handler
            metadata: {name: callers}
            spec: {compiledAdapter: listchecker, params: {overrides: [productpage-v1]}}
            ---
            kind: instance
            metadata: {name: caller}
            spec: {compiledTemplate: listentry, params: {value: source.workload.name}}

            """);
        int services = (rules - RulesForAll) / RulesOfAService;
        for (int i = 0; i < RulesForAll; i++)
        {
            Append(text, $"all{i}", ForAll[i]);
        }

        for (int service = 1; service <= services; service++)
        {
            string name = service == services ? "reviews" : $"service{service}";
            for (int i = 0; i < RulesOfAService; i++)
            {
                Append(text, $"{name}-{i}", OfAService[i].Replace("SERVICE", name, StringComparison.Ordinal));
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string match) => text.Append(CultureInfo.InvariantCulture, $$"""
        ---
        kind: rule
        metadata: {name: {{name}}}
        spec:
          match: '{{match.Trim()}}'
          actions: [{handler: callers, instances: [caller]}]

        """);
}
