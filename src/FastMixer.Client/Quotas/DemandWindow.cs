namespace FastMixer.Client.Quotas;

/// <summary>How much was asked for in the last second, to a tenth of it. Not thread-safe.</summary>
internal sealed class DemandWindow
{
    private const int Slots = 10;

    private static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(100);

    private readonly long[] _amounts = new long[Slots];
    private long _slot;
    private long _sum;

    /// <summary>When something was asked for last.</summary>
    public TimeSpan Last { get; private set; }

    /// <summary>Notes that something was asked for, granted or not.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="now">The time; never goes back by more than threads that wait for each other.</param>
    public void Add(long amount, TimeSpan now)
    {
        Move(now);
        _amounts[_slot % Slots] += amount;
        _sum += amount;
        Last = now;
    }

    /// <summary>How much was asked for in the last second.</summary>
    /// <param name="now">The time.</param>
    public long Sum(TimeSpan now)
    {
        Move(now);
        return _sum;
    }

    private void Move(TimeSpan now)
    {
        long slot = now.Ticks / SlotTime.Ticks;
        if (slot - _slot >= Slots)
        {
            Array.Clear(_amounts);
            _sum = 0;
            _slot = slot;
        }

        while (_slot < slot)
        {
            ref long oldest = ref _amounts[++_slot % Slots];
            _sum -= oldest;
            oldest = 0;
        }
    }
}
