namespace FastMixer.Adapters.MemQuota;

/// <summary>
/// How much is taken of one quota by one combination of dimensions: over a rolling window, of which each slot gives back at its end what was taken
/// in it; or, without a window, until it is given back. Not thread-safe.
/// </summary>
internal sealed class QuotaWindow
{
    /// <summary>The shortest slot.</summary>
    public static readonly TimeSpan ShortestSlot = TimeSpan.FromMilliseconds(100);

    // A longer window has longer slots, of a hundredth of it, so that its memory does not grow.
    private const int MostSlots = 100;

    private readonly long[] _taken;
    private readonly long _slotTicks;
    private long _used;
    private long _slot;

    /// <summary>A window of which nothing is taken.</summary>
    /// <param name="duration">How long what is taken stays taken, rounded up to whole seconds; zero until it is given back.</param>
    public QuotaWindow(TimeSpan duration)
    {
        long seconds = (long)Math.Ceiling(duration.TotalSeconds);
        _slotTicks = Math.Max(ShortestSlot.Ticks, seconds * TimeSpan.TicksPerSecond / MostSlots);
        _taken = new long[seconds == 0 ? 1 : (int)(seconds * TimeSpan.TicksPerSecond / _slotTicks)];
        IsRolling = seconds > 0;
    }

    /// <summary>Whether what is taken comes back by itself.</summary>
    public bool IsRolling { get; }

    /// <summary>How much is taken.</summary>
    public long Used => _used;

    /// <summary>Lets time pass: gives back what was taken longer ago than the window.</summary>
    /// <param name="now">The time since some moment that does not change; never earlier than before.</param>
    public void Advance(TimeSpan now)
    {
        if (!IsRolling)
        {
            return;
        }

        long slot = now.Ticks / _slotTicks;
        if (slot - _slot >= _taken.Length)
        {
            Array.Clear(_taken);
            _used = 0;
            _slot = slot;
            return;
        }

        while (_slot < slot)
        {
            _slot++;
            ref long expired = ref _taken[_slot % _taken.Length];
            _used -= expired;
            expired = 0;
        }
    }

    /// <summary>Takes an amount, as far as there is room.</summary>
    /// <param name="amount">How much, above 0.</param>
    /// <param name="most">How much may be taken in all.</param>
    /// <param name="bestEffort">Whether less may be taken.</param>
    /// <returns>How much was taken.</returns>
    public long Take(long amount, long most, bool bestEffort)
    {
        long free = Math.Max(0, most - _used);
        long granted = amount <= free ? amount : bestEffort ? free : 0;
        _taken[_slot % _taken.Length] += granted;
        _used += granted;
        return granted;
    }

    /// <summary>Gives an amount back, the latest first.</summary>
    /// <param name="amount">How much, above 0.</param>
    /// <returns>How much was taken, and is now given back.</returns>
    public long GiveBack(long amount)
    {
        long left = Math.Min(amount, _used);
        long given = left;
        for (long slot = _slot; left > 0; slot--)
        {
            ref long taken = ref _taken[((slot % _taken.Length) + _taken.Length) % _taken.Length];
            long part = Math.Min(left, taken);
            taken -= part;
            left -= part;
        }

        _used -= given;
        return given;
    }
}
