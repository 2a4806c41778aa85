using FastMixer.Engine.Diagnostics;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine.Reports.Accounting;

/// <summary>
/// What is still owed for one message: how many instances of its records have not come to an end, and which records were dropped and why first. When
/// the last instance ends, every record of the message is counted once, as delivered or as dropped. Pooled. Any thread may call.
/// </summary>
internal sealed class ReportTicket(TicketPool pool, EngineCounters counters)
{
    // The worker that reads the message holds this many until it knows how many instances the message has.
    private const int Unknown = 1 << 30;

    private readonly Lock _making = new();
    private byte[] _reasons = [];
    private int _records;
    private int _owed;
    private int _anyDropped;

    /// <summary>How many records the message has.</summary>
    public int Records => _records;

    /// <summary>Begins a message.</summary>
    /// <param name="records">How many records it has.</param>
    public void Begin(int records)
    {
        _records = records;
        _anyDropped = 0;
        Volatile.Write(ref _owed, Unknown);
    }

    /// <summary>Notes that a record, or an instance of it, is not delivered. Only the first reason counts. Before its instance is completed.</summary>
    /// <param name="record">Which record, from 0.</param>
    /// <param name="reason">Why.</param>
    public void Drop(int record, DropReason reason)
    {
        if (Volatile.Read(ref _anyDropped) == 0)
        {
            MakeRoom();
        }

        Interlocked.CompareExchange(ref _reasons[record], (byte)(reason + 1), (byte)0);
    }

    /// <summary>Ends some instances.</summary>
    public void Complete(int instances) => Settle(instances);

    /// <summary>All records of the message are read.</summary>
    /// <param name="instances">How many instances of them were sent on to handlers.</param>
    public void EndReading(int instances) => Settle(Unknown - instances);

    private void Settle(int owed)
    {
        if (Interlocked.Add(ref _owed, -owed) == 0)
        {
            Count();
            pool.Return(this);
        }
    }

    private void Count()
    {
        int dropped = 0;
        if (_anyDropped != 0)
        {
            foreach (byte reason in _reasons.AsSpan(0, _records))
            {
                if (reason != 0)
                {
                    counters.CountDropped((DropReason)(reason - 1));
                    dropped++;
                }
            }
        }

        counters.CountSettled(_records, _records - dropped);
    }

    private void MakeRoom()
    {
        lock (_making)
        {
            if (_anyDropped == 0)
            {
                if (_reasons.Length < _records)
                {
                    _reasons = new byte[_records];
                }
                else
                {
                    Array.Clear(_reasons, 0, _records);
                }

                Volatile.Write(ref _anyDropped, 1);
            }
        }
    }
}

/// <summary>Gathers ends of instances that follow each other and belong to one message, so that they cost one atomic step. Belongs to one thread.</summary>
internal sealed class TicketRun
{
    private ReportTicket? _ticket;
    private int _count;

    /// <summary>Adds the end of one instance.</summary>
    public void Add(ReportTicket ticket)
    {
        if (ticket != _ticket)
        {
            Complete();
            _ticket = ticket;
        }

        _count++;
    }

    /// <summary>Tells what was gathered.</summary>
    public void Complete()
    {
        _ticket?.Complete(_count);
        _ticket = null;
        _count = 0;
    }
}

/// <summary>Tickets that are not in use. Any thread may call.</summary>
internal sealed class TicketPool
{
    private readonly ObjectPool<ReportTicket> _pool;

    /// <summary>An empty pool.</summary>
    /// <param name="counters">Where tickets count.</param>
    /// <param name="kept">How many are kept.</param>
    public TicketPool(EngineCounters counters, int kept) =>
        _pool = new DefaultObjectPool<ReportTicket>(new Policy(this, counters), kept);

    /// <summary>A ticket for a message.</summary>
    /// <param name="records">How many records it has.</param>
    public ReportTicket Get(int records)
    {
        ReportTicket ticket = _pool.Get();
        ticket.Begin(records);
        return ticket;
    }

    /// <summary>Takes a ticket back.</summary>
    public void Return(ReportTicket ticket) => _pool.Return(ticket);

    private sealed class Policy(TicketPool pool, EngineCounters counters) : PooledObjectPolicy<ReportTicket>
    {
        public override ReportTicket Create() => new(pool, counters);

        public override bool Return(ReportTicket obj) => true;
    }
}
