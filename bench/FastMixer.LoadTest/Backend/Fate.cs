namespace FastMixer.LoadTest.Backend;

/// <summary>What becomes of a request.</summary>
internal enum Fate
{
    /// <summary>It is answered well.</summary>
    Answer,

    /// <summary>It is one of the few that fail.</summary>
    Fail,

    /// <summary>It meets an outage.</summary>
    Down,
}
