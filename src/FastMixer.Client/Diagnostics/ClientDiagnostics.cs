using System.Diagnostics;

namespace FastMixer.Client.Diagnostics;

/// <summary>Names under which a client can be observed.</summary>
public static class ClientDiagnostics
{
    /// <summary>The name of the <see cref="ActivitySource"/> and of the meter: <c>FastMixer.Client</c>.</summary>
    public const string Name = "FastMixer.Client";

    /// <summary>An activity <c>fastmixer.check</c> for each check that goes to a server; those answered from kept verdicts have none.</summary>
    internal static ActivitySource Activities { get; } = new(Name);
}
