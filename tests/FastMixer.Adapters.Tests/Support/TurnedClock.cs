using FastMixer.EndToEnd.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>
/// A clock that tests turn, for something that does its work and waits, again and again: it is turned only when the work is done, and a turn ends when it is
/// done again.
/// </summary>
/// <param name="ignored">Timers of this length are limits of the work, not waits between.</param>
internal sealed class TurnedClock(TimeSpan ignored) : FakeTimeProvider
{
    private int _waits;
    private int _turns;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime != ignored)
        {
            Interlocked.Increment(ref _waits);
        }

        return timer;
    }

    /// <summary>Turns the clock once.</summary>
    public async Task TurnAsync(TimeSpan by)
    {
        await Eventually.TrueAsync(() => Volatile.Read(ref _waits) > _turns);
        _turns++;
        Advance(by);
        await Eventually.TrueAsync(() => Volatile.Read(ref _waits) > _turns);
    }
}
