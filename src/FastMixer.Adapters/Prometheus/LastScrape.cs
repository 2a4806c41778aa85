namespace FastMixer.Adapters.Prometheus;

/// <summary>What was told of a handler's metrics at its last scrape, and the wait for one more before the handler ends. Any thread may call.</summary>
/// <param name="time">The time to go by.</param>
internal sealed class LastScrape(TimeProvider time)
{
    private const long Never = -1;

    private readonly Lock _gate = new();
    private long _values = Never;
    private long _wanted = Never;
    private TaskCompletionSource? _told;

    /// <summary>A scrape has ended well.</summary>
    /// <param name="values">How many values were summed up in what it was told.</param>
    public void Note(long values)
    {
        lock (_gate)
        {
            _values = values;
            if (_values == _wanted)
            {
                _told!.TrySetResult();
            }
        }
    }

    /// <summary>Waits until the last values are told; not where nobody has ever come.</summary>
    /// <param name="values">How many values are summed up in all.</param>
    /// <param name="longest">How long to wait.</param>
    /// <returns>False if nobody came in time.</returns>
    public async Task<bool> IsToldAsync(long values, TimeSpan longest)
    {
        Task told;
        lock (_gate)
        {
            if (_values == values || _values == Never)
            {
                return true;
            }

            _wanted = values;
            _told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            told = _told.Task;
        }

        try
        {
            await told.WaitAsync(longest, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
