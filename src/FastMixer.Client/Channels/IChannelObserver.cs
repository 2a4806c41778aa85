using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Channels;

/// <summary>Told what becomes of connections, on the thread that found it out and without a lock held: must neither block nor throw.</summary>
internal interface IChannelObserver
{
    /// <summary>The server has welcomed this client.</summary>
    /// <param name="channel">The connection.</param>
    /// <param name="welcome">What it said.</param>
    void OnWelcomed(Channel channel, Welcome welcome);

    /// <summary>The server has said that it stops.</summary>
    /// <param name="channel">The connection.</param>
    void OnGoingAway(Channel channel);

    /// <summary>A connection has ended, or could not be made. Before the calls in flight fail.</summary>
    /// <param name="channel">The connection.</param>
    /// <param name="fault">Why.</param>
    void OnEnded(Channel channel, ChannelFault fault);
}
