namespace FastMixer.Engine.Snapshots;

/// <summary>A replaced configuration that is gone: nothing is answered by it any more, and the handlers that only it had have ended.</summary>
/// <param name="Generation">Which one.</param>
/// <param name="Ended">How many handlers were ended.</param>
/// <param name="Failures">Those of them that failed to end.</param>
/// <param name="TimedOut">Whether something still used its handlers when the time for it was over (<see cref="MixerEngine.MaxDrainTime"/>).</param>
public sealed record RetiredConfiguration(long Generation, int Ended, IReadOnlyList<HandlerEndFailure> Failures, bool TimedOut);
