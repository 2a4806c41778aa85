namespace FastMixer.Client.Quotas;

/// <summary>What servers have just denied, which is denied again for a short time without asking. Not thread-safe.</summary>
/// <param name="time">For how long.</param>
internal sealed class RecentDenial(TimeSpan time)
{
    private TimeSpan _until;
    private long _amount;

    /// <summary>Notes that an amount was denied. A denial of less is not prolonged by one of more.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="now">The time.</param>
    public void Note(long amount, TimeSpan now)
    {
        if (now >= _until || amount <= _amount)
        {
            _amount = amount;
            _until = now + time;
        }
    }

    /// <summary>Whether as much, or less, was just denied.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="now">The time.</param>
    public bool Covers(long amount, TimeSpan now) => now < _until && amount >= _amount;
}
