namespace FastMixer.Server.Diagnostics;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>The client closed it.</summary>
    ClosedByClient,

    /// <summary>The network, or the client, reset it.</summary>
    Reset,

    /// <summary>The client sent what the protocol does not allow.</summary>
    ProtocolError,

    /// <summary>No hello came in time.</summary>
    HelloTimeout,

    /// <summary>Nothing came for the idle time.</summary>
    IdleTimeout,

    /// <summary>The client did not take its answers in time.</summary>
    SendTimeout,

    /// <summary>There were too many connections.</summary>
    TooManyConnections,

    /// <summary>The server stops.</summary>
    Drained,

    /// <summary>A fault of the server.</summary>
    Fault,
}
