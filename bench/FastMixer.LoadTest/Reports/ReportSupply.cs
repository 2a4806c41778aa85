namespace FastMixer.LoadTest.Reports;

/// <summary>The messages that senders share: each is taken by one of them. Any thread may call.</summary>
/// <param name="count">How many there are.</param>
internal sealed class ReportSupply(long count)
{
    private long _taken;
    private long _count = count;

    /// <summary>As many as are taken until <see cref="End"/>.</summary>
    public static ReportSupply Endless() => new(long.MaxValue);

    /// <summary>Takes a message.</summary>
    /// <param name="number">Which.</param>
    /// <returns>False if there are no more.</returns>
    public bool TryTake(out long number)
    {
        number = Interlocked.Increment(ref _taken) - 1;
        return number < Volatile.Read(ref _count);
    }

    /// <summary>There are no more.</summary>
    public void End() => Volatile.Write(ref _count, 0);
}
