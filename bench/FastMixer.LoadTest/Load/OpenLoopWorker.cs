using System.Diagnostics;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// Sends at a fixed rate, whether answers come or not, and measures each request from the moment it was due. A server that stalls is
/// so charged for all the requests that had to wait, also those that the generator could not send (no coordinated omission).
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="target">What is measured.</param>
/// <param name="window">When the round measures.</param>
/// <param name="settings">How to drive it.</param>
/// <param name="firstDue">When the first request is due.</param>
/// <param name="interval">Ticks between two requests.</param>
internal sealed class OpenLoopWorker(
    Connection connection, Target target, Window window, WorkerSettings settings, long firstDue, double interval)
    : Worker(connection, target, window, settings)
{
    /// <inheritdoc/>
    protected override void Loop()
    {
        Native.UseFineTimers();
        var sent = 0L;
        var due = firstDue;
        var now = Stopwatch.GetTimestamp();
        while (Continues(now))
        {
            while (due <= now && InFlight.HasRoom)
            {
                if (Window.Contains(due))
                {
                    Measurement.RecordLateness(now - due);
                }

                Enqueue(due, now);
                due = Due(++sent);
            }

            Connection.Flush();

            // With no room nothing can be sent before an answer comes; else the wait ends when the next request is due.
            var wait = InFlight.HasRoom ? Math.Max(0, Math.Min(due, Window.End) - Stopwatch.GetTimestamp()) : Stopwatch.Frequency / 10;
            var received = Native.WaitReadable(Connection.Descriptor, wait) && Connection.Receive();
            now = Stopwatch.GetTimestamp();
            if (received)
            {
                TakeAnswers(now);
            }

            Tick(now);
        }

        // What fell due between the last turn and the end of the window is sent if there is room: the drain takes the answers.
        for (; due < Window.End; due = Due(++sent))
        {
            if (InFlight.HasRoom)
            {
                Enqueue(due, now);
            }
            else
            {
                Measurement.RecordUnsent(now - due);
            }
        }

        Connection.Flush();
    }

    /// <inheritdoc/>
    protected override bool Counts(long since, long now) => Window.Contains(since);

    // From the first one each time, so that rounding does not add up.
    private long Due(long number) => firstDue + (long)(number * interval);
}
