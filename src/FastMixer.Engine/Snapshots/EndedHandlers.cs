namespace FastMixer.Engine.Snapshots;

/// <summary>A handler that failed when it was ended, or did not end in time.</summary>
/// <param name="Handler">The handler's full name.</param>
/// <param name="Cause">Why.</param>
public sealed record HandlerEndFailure(string Handler, string Cause);

/// <summary>What became of handlers that were ended together.</summary>
/// <param name="Count">How many they were.</param>
/// <param name="Failures">Those that failed.</param>
internal sealed record EndedHandlers(int Count, IReadOnlyList<HandlerEndFailure> Failures);
