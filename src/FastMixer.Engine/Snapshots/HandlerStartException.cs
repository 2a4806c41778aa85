namespace FastMixer.Engine.Snapshots;

/// <summary>A handler of a new configuration could not be made. The configuration in force stays.</summary>
/// <param name="handler">The handler's full name.</param>
/// <param name="cause">Why.</param>
public sealed class HandlerStartException(string handler, Exception cause)
    : Exception($"The handler \"{handler}\" could not be made: {cause.Message}", cause)
{
    /// <summary>The handler's full name.</summary>
    public string Handler { get; } = handler;
}
