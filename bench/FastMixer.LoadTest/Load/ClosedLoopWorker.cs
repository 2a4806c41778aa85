using System.Diagnostics;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Load;

/// <summary>Keeps a fixed number of requests in flight: each answer is replaced by a new request, those of one read in one write.</summary>
internal sealed class ClosedLoopWorker(Connection connection, Target target, Window window, WorkerSettings settings)
    : Worker(connection, target, window, settings)
{
    /// <inheritdoc/>
    protected override void Loop()
    {
        var now = Stopwatch.GetTimestamp();
        while (Continues(now))
        {
            while (InFlight.HasRoom)
            {
                Enqueue(now, now);
            }

            Connection.Flush();
            var received = Connection.Receive();
            now = Stopwatch.GetTimestamp();
            if (received)
            {
                TakeAnswers(now);
                if (InFlight.Capacity > 1)
                {
                    // Taking a batch of answers takes time that is none of the next requests'.
                    now = Stopwatch.GetTimestamp();
                }
            }

            Tick(now);
        }
    }

    /// <inheritdoc/>
    protected override bool Counts(long since, long now) => Window.Contains(now);
}
