namespace FastMixer.LoadTest.Experiments;

/// <summary>The policies of the experiments, by the names of their folders.</summary>
internal static class PolicyNames
{
    /// <summary>Answers from memory.</summary>
    public const string Memory = "memory";

    /// <summary>Asks an authorizer for each path.</summary>
    public const string Webhook = "webhook";

    /// <summary>Needs much time for a check.</summary>
    public const string Costly = "costly";

    /// <summary>Asks an authorizer, and allows stale answers.</summary>
    public const string Outage = "outage";

    /// <summary>Asks an authorizer, and remembers few of its answers.</summary>
    public const string Fleet = "fleet";

    /// <summary>Writes a line for each record.</summary>
    public const string FleetLog = "fleet-log";

    /// <summary>Makes metrics of each record.</summary>
    public const string Reports = "reports";

    /// <summary>Makes metrics of each record that Prometheus reads.</summary>
    public const string Scraped = "scraped";

    /// <summary>Sends an entry of a log for each record.</summary>
    public const string Logged = "logged";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Memory, Webhook, Costly, Outage, Fleet, FleetLog, Reports, Scraped, Logged];
}
