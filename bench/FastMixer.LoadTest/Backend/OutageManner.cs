namespace FastMixer.LoadTest.Backend;

/// <summary>What a backend does with requests while it is down.</summary>
internal enum OutageManner
{
    /// <summary>Takes them and never answers: what callers wait for longest.</summary>
    Stall,

    /// <summary>Resets the connection.</summary>
    Reset,

    /// <summary>Answers 503 at once.</summary>
    Refuse,
}
