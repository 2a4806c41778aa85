namespace FastMixer.Client.Fleet.Servers;

/// <summary>
/// Whether a server is asked by datagram. It is not for a while after one was not answered that a stream then was, such as where a firewall drops them; the while doubles each
/// time in a row, from ten seconds to five minutes. Thread-safe; takes no lock.
/// </summary>
/// <param name="fleet">For the clock and the log.</param>
/// <param name="address">For logs.</param>
internal sealed class DatagramGate(FleetContext fleet, string address)
{
    private const int MostDoublings = 5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    private long _closedUntil;
    private int _closings;

    /// <summary>Whether datagrams are worth a try.</summary>
    public bool IsOpen
    {
        get
        {
            long until = Volatile.Read(ref _closedUntil);
            return until == 0 || fleet.Clock.GetTimestamp() - until >= 0;
        }
    }

    /// <summary>Notes that a datagram was answered.</summary>
    public void NoteAnswer()
    {
        if (Volatile.Read(ref _closings) != 0)
        {
            Volatile.Write(ref _closings, 0);
            Volatile.Write(ref _closedUntil, 0);
        }
    }

    /// <summary>Notes that a stream was answered after a datagram was not.</summary>
    public void Close()
    {
        // Of many checks that find it out at once, one closes it.
        long until = Volatile.Read(ref _closedUntil);
        if (!IsOpen)
        {
            return;
        }

        TimeSpan doubled = First * (1 << Math.Min(Volatile.Read(ref _closings), MostDoublings));
        TimeSpan time = doubled < Most ? doubled : Most;
        long next = Math.Max(fleet.Clock.GetTimestamp() + fleet.ToTimestamps(time), 1);
        if (Interlocked.CompareExchange(ref _closedUntil, next, until) == until)
        {
            Interlocked.Increment(ref _closings);
            FleetLog.DatagramsUnanswered(fleet.Logger, address, time);
        }
    }
}
