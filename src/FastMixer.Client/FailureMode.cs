namespace FastMixer.Client;

/// <summary>What becomes of a check that no server answers and for which no verdict is kept.</summary>
public enum FailureMode
{
    /// <summary>It is denied as UNAVAILABLE.</summary>
    Closed,

    /// <summary>It is allowed.</summary>
    Open,
}
