using System.Diagnostics;
using System.Net.Sockets;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Backend;

/// <summary>
/// Sends answers after a fixed time, each to the microsecond, which timers of the framework can't. As the time is the same for all, they leave in
/// the order in which they came, from one thread. Any thread may add.
/// </summary>
internal sealed class DelayLine
{
    // A second of a backend that takes 65,536 requests a second; a queue that long means that the thread does not keep up.
    private const int MaxWaiting = 65_536;

    private readonly Queue<(long Due, Socket Socket, ReadOnlyMemory<byte> Answer)> _waiting = new();
    private readonly long _delay;

    /// <summary>Starts the thread, which ends with the process.</summary>
    public DelayLine(TimeSpan delay)
    {
        _delay = (long)(delay.TotalSeconds * Stopwatch.Frequency);
        new Thread(Run) { IsBackground = true, Name = "delay line" }.Start();
    }

    /// <summary>Sends an answer when the time has passed; false if too many wait.</summary>
    public bool TryAdd(Socket socket, ReadOnlyMemory<byte> answer)
    {
        lock (_waiting)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                return false;
            }

            _waiting.Enqueue((Stopwatch.GetTimestamp() + _delay, socket, answer));
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_waiting);
            }

            return true;
        }
    }

    private void Run()
    {
        Native.UseFineTimers();
        while (true)
        {
            var (due, socket, answer) = Next();
            if (due - Stopwatch.GetTimestamp() is > 0 and var rest)
            {
                Native.Sleep(rest);
            }

            try
            {
                socket.Send(answer.Span);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The caller has given up; its connection's reader sees to the rest.
            }
        }
    }

    private (long Due, Socket Socket, ReadOnlyMemory<byte> Answer) Next()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                Monitor.Wait(_waiting);
            }

            return _waiting.Dequeue();
        }
    }
}
