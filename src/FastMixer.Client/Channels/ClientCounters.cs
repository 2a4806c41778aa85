using FastMixer.Client.Connections;

namespace FastMixer.Client.Channels;

/// <summary>The numbers behind <see cref="MixerConnectionStatistics"/>. Thread-safe. None is counted on the way of a call that goes well.</summary>
internal sealed class ClientCounters
{
    private long _connections;
    private long _connectionsLost;
    private long _timeouts;
    private long _lateAnswers;
    private long _malformedAnswers;
    private long _retransmissions;

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void AddConnectionLost() => Interlocked.Increment(ref _connectionsLost);

    public void AddTimeout() => Interlocked.Increment(ref _timeouts);

    public void AddLateAnswer() => Interlocked.Increment(ref _lateAnswers);

    public void AddMalformedAnswer() => Interlocked.Increment(ref _malformedAnswers);

    public void AddRetransmission() => Interlocked.Increment(ref _retransmissions);

    public MixerConnectionStatistics Read() => new(
        Interlocked.Read(ref _connections),
        Interlocked.Read(ref _connectionsLost),
        Interlocked.Read(ref _timeouts),
        Interlocked.Read(ref _lateAnswers),
        Interlocked.Read(ref _malformedAnswers),
        Interlocked.Read(ref _retransmissions));
}
