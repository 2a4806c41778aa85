using System.Diagnostics;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Outage;

/// <summary>
/// Asks at a fixed rate, whether answers come or not, and measures each check from the moment it was due. All ways of asking are driven by it alike.
/// </summary>
internal sealed class FixedRate(ICheckClient client, Func<uint> nextKey, Timeline timeline, double rate, TimeSpan length, CancellationToken cancellation)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(1);

    private int _open;

    /// <summary>Runs to the end, and waits for the last answers.</summary>
    public void Run()
    {
        Native.UseFineTimers();
        var start = Stopwatch.GetTimestamp();
        var total = (long)(rate * length.TotalSeconds);
        for (var number = 0L; number < total && !cancellation.IsCancellationRequested; number++)
        {
            var due = start + Window.Ticks(TimeSpan.FromSeconds(number / rate));
            if (due - Stopwatch.GetTimestamp() is > 0 and var rest)
            {
                Native.Sleep(rest);
            }

            Interlocked.Increment(ref _open);
            _ = AskAsync(start, due);
        }

        if (!SpinWait.SpinUntil(() => Volatile.Read(ref _open) == 0 || cancellation.IsCancellationRequested, DrainTime))
        {
            throw new LoadTestException($"{_open} checks had no outcome a minute after the last was sent, in spite of their timeout");
        }
    }

    private async Task AskAsync(long start, long due)
    {
        var key = nextKey();
        var seen = timeline.HasSeen(key);
        var outcome = await client.CheckAsync(key);
        timeline.Add(Stopwatch.GetElapsedTime(start, due), Stopwatch.GetElapsedTime(due), key, seen, outcome);
        Interlocked.Decrement(ref _open);
    }
}
