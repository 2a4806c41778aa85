namespace FastMixer.Cli.Replay;

/// <summary>Ends a replay whose server is gone, instead of waiting out each line of a long log. Thread-safe.</summary>
/// <param name="most">How many requests in a row may stay without any answer.</param>
internal sealed class Patience(int most)
{
    private int _unanswered;

    /// <summary>An answer came, be it an error.</summary>
    public void Answered() => Volatile.Write(ref _unanswered, 0);

    /// <summary>No answer came.</summary>
    /// <returns>Whether there is still reason to go on.</returns>
    public bool Unanswered() => Interlocked.Increment(ref _unanswered) < most;
}
