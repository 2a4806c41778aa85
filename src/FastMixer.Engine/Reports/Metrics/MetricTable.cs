using System.Buffers.Binary;
using System.IO.Hashing;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>
/// The series of metrics that have the same dimensions, one row for each combination of values, found by the exact bytes of these. Rows lie in flat
/// arrays; no series is an object. Row 0 is the overflow series. Used by one handler's worker only, but for rows that are being exported.
/// </summary>
internal sealed class MetricTable
{
    private const int LeastSlots = 256;
    private const int KeyChunkBytes = 64 * 1024;

    private readonly MetricColumn[] _columns;
    private readonly InstanceField[] _dimensions;
    private readonly int _stride;
    private readonly int _maxSeries;
    private readonly bool _isExported;
    private MetricPage[] _pages = [];
    private int _count;

    // A row's number plus one below, the upper half of its hash above; 0 for none.
    private ulong[] _slots = new ulong[LeastSlots];
    private byte[] _keys = [];
    private int _keysUsed;

    /// <summary>An empty table.</summary>
    /// <param name="dimensions">The dimensions of all metrics.</param>
    /// <param name="metrics">The metrics; their limits must be the same.</param>
    /// <param name="isExported">Whether sums are taken out to be exported; else they only grow.</param>
    public MetricTable(InstanceField[] dimensions, IReadOnlyList<(Instance Instance, MetricDefinition Definition)> metrics, bool isExported)
    {
        _dimensions = dimensions;
        _columns = new MetricColumn[metrics.Count];
        for (int i = 0; i < metrics.Count; i++)
        {
            _columns[i] = new MetricColumn(metrics[i].Instance, metrics[i].Definition, _stride);
            _stride += _columns[i].Width;
        }

        _maxSeries = metrics[0].Definition.MaxSeries;
        IdleTime = metrics[0].Definition.IdleTime;
        _isExported = isExported;
        byte[] overflow = EncodeOverflow(dimensions);
        AddRow(overflow, HashOf(overflow));
    }

    /// <summary>The metrics.</summary>
    public IReadOnlyList<MetricColumn> Columns => _columns;

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<InstanceField> Dimensions => _dimensions;

    /// <summary>How long a series is kept without an instance; zero for ever.</summary>
    public TimeSpan IdleTime { get; }

    /// <summary>How many series there are, the overflow series included.</summary>
    public int Count => _count;

    /// <summary>The pages that hold them.</summary>
    public MetricPage[] Pages => _pages;

    /// <summary>The hash of a key.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    /// <summary>The row of a combination of dimensions, a new one if it is new.</summary>
    /// <param name="key">The dimensions, encoded.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <returns>Row 0 if there is no room for more.</returns>
    public int Find(ReadOnlySpan<byte> key, ulong hash, long now)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong found = _slots[slot];
            if (found == 0)
            {
                return Touch(key.Length <= MetricDefinition.MaxDimensionBytes && _count <= _maxSeries ? AddRow(key, hash) : 0, now);
            }

            if ((uint)(found >> 32) == (uint)(hash >> 32))
            {
                int row = (int)(uint)found - 1;
                if (RowAt(row).Key.SequenceEqual(key))
                {
                    return Touch(row, now);
                }
            }
        }
    }

    /// <summary>Counts a value.</summary>
    /// <param name="row">The series.</param>
    /// <param name="column">The metric.</param>
    /// <param name="raw">A valid value.</param>
    public void Add(int row, int column, long raw)
    {
        MetricColumn metric = _columns[column];
        metric.Add(_pages[row >> MetricPage.RowBits].Cells(row).Slice(metric.Offset, metric.Width), raw);
    }

    /// <summary>Moves what was added to where it is exported from, upon what failed to be exported.</summary>
    /// <returns>Whether there is anything to be exported.</returns>
    public bool TakeOut()
    {
        bool any = false;
        for (int row = 0; row < _count; row++)
        {
            ref MetricRow state = ref RowAt(row);
            if (state.IsChanged)
            {
                MetricPage page = _pages[row >> MetricPage.RowBits];
                Span<long> cells = page.Cells(row);
                foreach (MetricColumn column in _columns)
                {
                    Span<long> added = cells.Slice(column.Offset, column.Width);
                    column.Merge(page.Outgoing(row).Slice(column.Offset, column.Width), added);
                    added.Clear();
                }

                (state.IsChanged, state.IsOutgoing) = (false, true);
            }

            any |= state.IsOutgoing;
        }

        return any;
    }

    /// <summary>Forgets what was exported.</summary>
    /// <returns>How many instances that was.</returns>
    public long EndExport()
    {
        long instances = 0;
        for (int row = 0; row < _count; row++)
        {
            ref MetricRow state = ref RowAt(row);
            if (state.IsOutgoing)
            {
                instances += CountAndClear(_pages[row >> MetricPage.RowBits].Outgoing(row));
                state.IsOutgoing = false;
            }
        }

        return instances;
    }

    /// <summary>Forgets all that was not exported: nobody will take it any more.</summary>
    /// <returns>How many instances that was.</returns>
    public long Abandon()
    {
        TakeOut();
        return EndExport();
    }

    /// <summary>Forgets series that have had no instance for some time and of which nothing is left to export. Not during an export.</summary>
    /// <param name="since">The timestamp before which the last instance was.</param>
    /// <returns>How many there were.</returns>
    public int Expire(long since)
    {
        int expired = 0;
        for (int row = 1; row < _count; row++)
        {
            expired += IsIdle(ref RowAt(row), since) ? 1 : 0;
        }

        if (expired > 0)
        {
            Rebuild(since);
        }

        return expired;
    }

    private static byte[] EncodeOverflow(InstanceField[] dimensions)
    {
        // As the dimensions would be encoded if each were this text. A real series with these values is the overflow series too, so that no two have the
        // same labels; where a dimension is no text none can be, since texts are longer than the eight bytes of a number.
        var encoded = new byte[dimensions.Length * (sizeof(long) + MetricDefinition.OverflowText.Length)];
        for (int i = 0; i < dimensions.Length; i++)
        {
            long slice = ((long)(i * MetricDefinition.OverflowText.Length) << 32) | (uint)MetricDefinition.OverflowText.Length;
            BinaryPrimitives.WriteInt64LittleEndian(encoded.AsSpan(i * sizeof(long)), slice);
            MetricDefinition.OverflowText.CopyTo(encoded.AsSpan((dimensions.Length * sizeof(long)) + (i * MetricDefinition.OverflowText.Length)));
        }

        return encoded;
    }

    private bool IsIdle(ref readonly MetricRow row, long since) =>
        row.LastSeen < since && !(_isExported && (row.IsChanged || row.IsOutgoing));

    private ref MetricRow RowAt(int row) => ref _pages[row >> MetricPage.RowBits].Row(row);

    private int Touch(int row, long now)
    {
        ref MetricRow state = ref RowAt(row);
        state.LastSeen = now;
        state.IsChanged = true;
        return row;
    }

    private int AddRow(ReadOnlySpan<byte> key, ulong hash)
    {
        int row = _count;
        if (row >> MetricPage.RowBits == _pages.Length)
        {
            // Another array, so that an export that is under way goes on with the one it has.
            MetricPage[] more = new MetricPage[_pages.Length + 1];
            _pages.CopyTo(more, 0);
            more[^1] = new MetricPage(_stride, _isExported);
            _pages = more;
        }

        ref MetricRow state = ref RowAt(row);
        StoreKey(ref state, key);
        state.Hash = hash;
        _count++;
        if (_count * 2 > _slots.Length)
        {
            Reindex(_slots.Length * 2);
        }
        else
        {
            Index(row, hash);
        }

        return row;
    }

    private void StoreKey(ref MetricRow row, ReadOnlySpan<byte> key)
    {
        if (_keys.Length - _keysUsed < key.Length)
        {
            _keys = new byte[Math.Max(KeyChunkBytes, key.Length)];
            _keysUsed = 0;
        }

        key.CopyTo(_keys.AsSpan(_keysUsed));
        (row.KeyBytes, row.KeyOffset, row.KeyLength) = (_keys, _keysUsed, key.Length);
        _keysUsed += key.Length;
    }

    private void Reindex(int slots)
    {
        _slots = new ulong[slots];
        for (int row = 0; row < _count; row++)
        {
            Index(row, RowAt(row).Hash);
        }
    }

    private void Index(int row, ulong hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = (hash & 0xffff_ffff_0000_0000) | (uint)(row + 1);
    }

    // Into fresh pages, with the keys that are left: what was used by the others is given back whole.
    private void Rebuild(long since)
    {
        (MetricPage[] pages, int count) = (_pages, _count);
        (_pages, _count, _keys, _keysUsed) = ([], 0, [], 0);
        _slots = new ulong[LeastSlots];
        for (int row = 0; row < count; row++)
        {
            MetricPage page = pages[row >> MetricPage.RowBits];
            ref MetricRow state = ref page.Row(row);
            if (row == 0 || !IsIdle(in state, since))
            {
                int moved = AddRow(state.Key, state.Hash);
                ref MetricRow next = ref RowAt(moved);
                (next.LastSeen, next.IsChanged, next.IsOutgoing) = (state.LastSeen, state.IsChanged, state.IsOutgoing);
                page.Cells(row).CopyTo(_pages[moved >> MetricPage.RowBits].Cells(moved));
                if (_isExported)
                {
                    page.Outgoing(row).CopyTo(_pages[moved >> MetricPage.RowBits].Outgoing(moved));
                }
            }
        }
    }

    private long CountAndClear(Span<long> cells)
    {
        long instances = 0;
        foreach (MetricColumn column in _columns)
        {
            instances += cells[column.Offset];
        }

        cells.Clear();
        return instances;
    }
}
