using FastMixer.Client;

namespace FastMixer.Cli.Replay;

/// <summary>Ends a replay whose server is gone, instead of waiting out each line of a long log. Thread-safe.</summary>
/// <param name="most">How many requests in a row may stay without any answer.</param>
internal sealed class Patience(int most)
{
    private int _unanswered;

    /// <summary>An answer came.</summary>
    public void Answered() => Volatile.Write(ref _unanswered, 0);

    /// <summary>A request failed. An error that the server tells is an answer too.</summary>
    /// <param name="failure">How.</param>
    /// <returns>Whether there is no reason to go on.</returns>
    public bool IsExhaustedBy(MixerException failure)
    {
        if (failure is MixerTimeoutException or MixerUnavailableException)
        {
            return Interlocked.Increment(ref _unanswered) >= most;
        }

        Answered();
        return false;
    }
}
