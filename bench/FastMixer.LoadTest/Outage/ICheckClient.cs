namespace FastMixer.LoadTest.Outage;

/// <summary>A way to have requests decided: by a FastMixer server, or by the backend itself.</summary>
internal interface ICheckClient : IDisposable
{
    /// <summary>Asks, without blocking the caller, and waits for the answer as long as the client is told to.</summary>
    /// <param name="key">Which request.</param>
    Task<CheckOutcome> CheckAsync(uint key);
}
