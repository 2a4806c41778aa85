namespace FastMixer.Client.Connections;

/// <summary>What a client has counted since it was made.</summary>
/// <param name="Connections">Connections that the server welcomed.</param>
/// <param name="ConnectionsLost">Connections that ended otherwise than by the client's or a leaving server's wish, failed attempts included.</param>
/// <param name="Timeouts">Calls whose answer did not come in time.</param>
/// <param name="LateAnswers">Answers that nobody waited for any more, and that were dropped.</param>
/// <param name="MalformedAnswers">Messages that broke the protocol; each ended its connection, or was a datagram and dropped.</param>
/// <param name="Retransmissions">Datagrams that were sent again.</param>
public readonly record struct MixerConnectionStatistics(
    long Connections, long ConnectionsLost, long Timeouts, long LateAnswers, long MalformedAnswers, long Retransmissions);
