namespace FastMixer.Adapters.Prometheus;

/// <summary>Names as Prometheus allows them: Mixer's way to make them, and whether they are right then.</summary>
internal static class PrometheusName
{
    /// <summary>Replaces <c>/</c>, <c>.</c> and spaces by <c>_</c>, and leaves <c>-</c> out.</summary>
    public static string Of(string name) => string.Concat(name.Where(c => c != '-').Select(c => c is '/' or '.' or ' ' ? '_' : c));

    /// <summary>Whether it can be the name of a metric.</summary>
    public static bool IsMetric(string name) => IsName(name, ':');

    /// <summary>Whether it can be the name of a label that is the user's.</summary>
    public static bool IsLabel(string name) => IsName(name, '_') && !name.StartsWith("__", StringComparison.Ordinal);

    private static bool IsName(string name, char extra) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == extra);
}
