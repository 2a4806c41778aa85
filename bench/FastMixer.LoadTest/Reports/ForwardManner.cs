namespace FastMixer.LoadTest.Reports;

/// <summary>What a <see cref="ForwardBackend"/> does with what it gets.</summary>
internal enum ForwardManner
{
    /// <summary>Acknowledges each message: it is up.</summary>
    Acknowledge,

    /// <summary>Accepts connections, reads messages, and never answers.</summary>
    Stall,

    /// <summary>Resets each connection.</summary>
    Reset,
}
