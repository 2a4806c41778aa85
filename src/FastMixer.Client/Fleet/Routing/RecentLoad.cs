namespace FastMixer.Client.Fleet.Routing;

/// <summary>
/// A count that forgets: what was added counts half after a second, a quarter after two. Thread-safe, without a lock; nothing allocates. Counts up to some ten
/// million exactly enough.
/// </summary>
/// <param name="clock">The clock whose timestamps it is asked with.</param>
internal sealed class RecentLoad(TimeProvider clock)
{
    private const int StepsPerHalfLife = 256;
    private const int StepBits = 8;

    // Beyond this many half-lives nothing is left of any count.
    private const int MaxHalfLives = 60;

    private static readonly float[] Decays =
        [.. Enumerable.Range(0, StepsPerHalfLife).Select(step => MathF.Pow(0.5f, (float)step / StepsPerHalfLife))];

    private readonly long _start = clock.GetTimestamp();
    private readonly long _ticksPerStep = Math.Max(clock.TimestampFrequency / StepsPerHalfLife, 1);

    // The count as of a step, and the step below it.
    private long _packed;

    /// <summary>The count.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    public float At(long now) => Decay(Volatile.Read(ref _packed), ToStep(now));

    /// <summary>Adds one.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    public void Add(long now)
    {
        uint step = ToStep(now);
        long seen = Volatile.Read(ref _packed);
        while (true)
        {
            // Another thread may have read the clock later: the count does not go back in time.
            uint latest = (int)(step - (uint)seen) > 0 ? step : (uint)seen;
            long next = Pack(Decay(seen, latest) + 1, latest);
            long found = Interlocked.CompareExchange(ref _packed, next, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    private static float Decay(long packed, uint step)
    {
        float count = BitConverter.Int32BitsToSingle((int)(packed >> 32));
        int steps = (int)(step - (uint)packed);
        if (steps <= 0)
        {
            // A little back is another thread's clock; far back is so much later that the difference has no room.
            return steps > -MaxHalfLives * StepsPerHalfLife ? count : 0;
        }

        int halfLives = steps >> StepBits;
        return halfLives >= MaxHalfLives ? 0 : count * Decays[steps & (StepsPerHalfLife - 1)] / (1L << halfLives);
    }

    private static long Pack(float count, uint step) => ((long)BitConverter.SingleToInt32Bits(count) << 32) | step;

    private uint ToStep(long now) => (uint)((now - _start) / _ticksPerStep);
}
