using FastMixer.Engine;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using FastMixer.Server.Hosting;
using FastMixer.Server.Overload;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Sessions;

/// <summary>What all sessions of a server share. Immutable.</summary>
/// <param name="Engine">What answers checks and takes reports.</param>
/// <param name="Options">How the server is run.</param>
/// <param name="Welcome">What each hello is answered with, but for the policy.</param>
/// <param name="Counters">What is counted.</param>
/// <param name="Overload">Whether load is to be shed.</param>
/// <param name="Time">The time to go by.</param>
/// <param name="Logger">Where events are told.</param>
internal sealed record ServerContext(
    MixerEngine Engine, MixerServerOptions Options, Welcome Welcome, ServerCounters Counters, OverloadMonitor Overload, TimeProvider Time, ILogger Logger)
{
    /// <summary>What is accepted of peers.</summary>
    public ProtocolLimits Limits => Options.Limits;

    /// <summary>What a hello is answered with. Allocates: it happens once a connection.</summary>
    /// <param name="snapshot">The configuration in force.</param>
    public Welcome WelcomeTo(LiveSnapshot snapshot) => Welcome with { Policy = snapshot.Policy.Digest };
}
