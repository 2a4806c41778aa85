using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Load;

/// <summary>One of the sides that are measured in turns.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Target">What is measured.</param>
/// <param name="Process">Its process, if it was started here: says how it ended where it does too early. Belongs to the caller.</param>
internal sealed record Contestant(string Name, Target Target, ChildServer? Process)
{
    /// <summary>Starts what is to run beside each of its rounds, and ends with it; null for nothing.</summary>
    public Func<IDisposable>? Beside { get; init; }
}
