namespace FastMixer.Client;

/// <summary>Where the answer to a check came from.</summary>
public enum CheckOrigin
{
    /// <summary>A server has answered this check.</summary>
    Server,

    /// <summary>A verdict kept in this process.</summary>
    Cache,

    /// <summary>A verdict kept in this process whose time is over: no server answers, and it may still be used (<see cref="MixerClientOptions.StaleFor"/>).</summary>
    Stale,

    /// <summary>Nobody's: no server answers, nothing is kept, and <see cref="MixerClientOptions.WhenUnavailable"/> or its like for the destination decided.</summary>
    Unavailable,
}
