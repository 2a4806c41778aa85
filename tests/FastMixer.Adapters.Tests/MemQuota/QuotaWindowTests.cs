using CsCheck;
using FastMixer.Adapters.MemQuota;

namespace FastMixer.Adapters.Tests.MemQuota;

/// <summary>A window agrees with a plain list of what was taken and when.</summary>
public sealed class QuotaWindowTests
{
    private const long Most = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(60)]
    public void Window_OfAnySteps_AgreesWithTheModel(int seconds)
    {
        long slotTicks = Math.Max(TimeSpan.TicksPerMillisecond * 100, seconds * TimeSpan.TicksPerSecond / 100);
        long slots = seconds == 0 ? long.MaxValue : seconds * TimeSpan.TicksPerSecond / slotTicks;
        Gen.Select(Gen.Long[0, slotTicks * 40], Gen.Long[-6, 12].Where(amount => amount != 0), Gen.Bool).List[1, 60].Sample(
            steps =>
            {
                var window = new QuotaWindow(TimeSpan.FromSeconds(seconds));
                var taken = new List<(long Slot, long Amount)>();
                long now = 0;
                foreach ((long wait, long amount, bool bestEffort) in steps)
                {
                    now += wait;
                    long slot = now / slotTicks;
                    taken.RemoveAll(one => slot - one.Slot >= slots);
                    window.Advance(TimeSpan.FromTicks(now));
                    long free = Most - taken.Sum(one => one.Amount);
                    if (amount > 0)
                    {
                        long expected = amount <= free ? amount : bestEffort ? free : 0;
                        if (window.Take(amount, Most, bestEffort) != expected)
                        {
                            return false;
                        }

                        taken.Add((slot, expected));
                    }
                    else if (window.GiveBack(-amount) != GiveBack(taken, -amount))
                    {
                        return false;
                    }

                    if (window.Used != taken.Sum(one => one.Amount))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 3_000);
    }

    // The latest first.
    private static long GiveBack(List<(long Slot, long Amount)> taken, long amount)
    {
        long given = 0;
        for (int i = taken.Count - 1; i >= 0 && given < amount; i--)
        {
            long part = Math.Min(amount - given, taken[i].Amount);
            taken[i] = taken[i] with { Amount = taken[i].Amount - part };
            given += part;
        }

        return given;
    }
}
