namespace FastMixer.LoadTest;

/// <summary>A failure that the message explains in full, on one line: the process ends with <see cref="ExitCode.Failed"/>.</summary>
internal sealed class LoadTestException(string message) : Exception(message);
