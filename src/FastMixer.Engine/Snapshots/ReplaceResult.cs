namespace FastMixer.Engine.Snapshots;

/// <summary>What became of the handlers when a configuration was replaced.</summary>
/// <param name="Kept">Handlers that go on, with their state.</param>
/// <param name="Created">Handlers that are new, or made anew.</param>
/// <param name="Ended">Handlers of the old configuration that end when nothing uses them any more.</param>
public readonly record struct ReplaceResult(int Kept, int Created, int Ended);
