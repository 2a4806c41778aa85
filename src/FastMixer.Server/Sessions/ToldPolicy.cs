using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Messages;

namespace FastMixer.Server.Sessions;

/// <summary>
/// Which policy the client of a stream was told of. It hears of each before the first verdict of it, and so knows of which policy a verdict is
/// (protocol.md, section 3). All members under the output's lock.
/// </summary>
internal sealed class ToldPolicy(StreamOutput output)
{
    private long _edition = long.MaxValue;

    /// <summary>Notes what the welcome told.</summary>
    /// <param name="snapshot">The configuration in force then.</param>
    /// <param name="features">What the client asked for in its hello.</param>
    public void Begin(LiveSnapshot snapshot, HelloFeatures features)
    {
        if ((features & HelloFeatures.PolicyChanges) != 0)
        {
            _edition = snapshot.Edition;
        }
    }

    /// <summary>Announces a policy, if the client asked for that and has not heard of it, nor of one that came after it.</summary>
    /// <param name="snapshot">The configuration, in force or of the next verdict.</param>
    public void Tell(LiveSnapshot snapshot)
    {
        if (snapshot.Edition > _edition)
        {
            _edition = snapshot.Edition;
            output.WritePolicyChanged(new PolicyChanged(snapshot.Policy.Digest));
        }
    }
}
