using FastMixer.Engine.Reports.Accounting;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>
/// Instances of records on their way to a backend, in the order in which they came. The engine fills it and counts what becomes of each; an adapter
/// reads it, and may confirm or reject. Reused: belongs to the adapter until the task of <see cref="Handlers.IReportHandler.DeliverAsync"/> completes.
/// </summary>
public sealed class ReportBatch : IDisposable
{
    private readonly HandlerCounters _counters;
    private readonly PooledBuffer _bytes = new();
    private readonly List<Entry> _items = [];
    private readonly TicketRun _settled = new();
    private int _confirmed;

    /// <summary>An empty batch.</summary>
    internal ReportBatch(HandlerCounters counters) => _counters = counters;

    /// <summary>How many records it holds that are neither confirmed nor delivered.</summary>
    public int Count => _items.Count - _confirmed;

    /// <summary>A record.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1: after <see cref="Confirm"/>, counted from the first that is left.</param>
    public ReportRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            Entry item = _items[_confirmed + index];
            return new ReportRecord(item.Instance, _bytes.Written.Slice(item.Offset, item.Length));
        }
    }

    /// <summary>The bytes of all its records.</summary>
    internal int Bytes => _bytes.Length;

    /// <summary>Says that the backend has taken the first records; they leave the batch, and are not offered again.</summary>
    /// <param name="count">How many of them.</param>
    public void Confirm(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        int delivered = 0;
        for (int i = _confirmed; i < _confirmed + count; i++)
        {
            Entry item = _items[i];
            delivered += item.IsSettled ? 0 : 1;
            _settled.Add(item.Ticket);
        }

        _confirmed += count;
        _counters.CountDelivered(delivered);
        _settled.Complete();
    }

    /// <summary>
    /// Says that the backend has taken one record, for backends to which not all records go by the same way: it counts as delivered, and stays so if the
    /// batch fails. Does not change the count or order.
    /// </summary>
    /// <param name="index">The record.</param>
    public void ConfirmAt(int index)
    {
        if (TrySettle(index, out _))
        {
            _counters.CountDelivered(1);
        }
    }

    /// <summary>
    /// Says that the backend will never take a record (too large for it, of a form that it refuses): it counts as dropped, with the reason
    /// <see cref="DropReason.Rejected"/>. Does not change the count or order.
    /// </summary>
    /// <param name="index">The record.</param>
    public void Reject(int index)
    {
        if (TrySettle(index, out Entry item))
        {
            item.Ticket.Drop(item.Record, DropReason.Rejected);
            _counters.CountDropped(DropReason.Rejected, 1);
        }
    }

    /// <summary>Whether a record was confirmed or rejected where it stands, and so must not be sent, now or when the batch is offered again.</summary>
    /// <param name="index">The record.</param>
    public bool IsSettled(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _items[_confirmed + index].IsSettled;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Adds one.</summary>
    internal void Add(Instance instance, ReportTicket ticket, int record, ReadOnlySpan<byte> encoded)
    {
        // In this order: where there is no memory for its bytes, it is not in the batch.
        int offset = _bytes.Length;
        _bytes.Write(encoded);
        _items.Add(new Entry(instance, ticket, record, offset, encoded.Length, IsSettled: false));
    }

    /// <summary>Gives up what is left.</summary>
    internal void Drop(DropReason reason)
    {
        int dropped = 0;
        for (int i = _confirmed; i < _items.Count; i++)
        {
            Entry item = _items[i];
            if (!item.IsSettled)
            {
                item.Ticket.Drop(item.Record, reason);
                dropped++;
            }

            _settled.Add(item.Ticket);
        }

        _confirmed = _items.Count;
        _counters.CountDropped(reason, dropped);
        _settled.Complete();
    }

    /// <summary>Forgets everything, all of which must be settled.</summary>
    internal void Reset()
    {
        _items.Clear();
        _confirmed = 0;
        _bytes.Reset();
    }

    // Of a settled one only the ticket is still owed, until the batch is done.
    private bool TrySettle(int index, out Entry item)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        item = _items[_confirmed + index];
        _items[_confirmed + index] = item with { IsSettled = true };
        return !item.IsSettled;
    }

    private readonly record struct Entry(Instance Instance, ReportTicket Ticket, int Record, int Offset, int Length, bool IsSettled);
}
