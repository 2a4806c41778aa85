using System.Buffers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>The series of one metric that have something to tell: <c>foreach (MetricSeries series in set)</c>. A view, valid as long as what gave it.</summary>
public sealed class MetricSeriesSet
{
    private readonly MetricTable _table;
    private readonly MetricColumn _column;
    private readonly MetricPage[] _pages;
    private readonly int _count;
    private readonly HandlerCounters? _exported;

    internal MetricSeriesSet(MetricTable table, MetricColumn column, HandlerCounters? exported)
    {
        _table = table;
        _column = column;
        _pages = table.Pages;
        _count = table.Count;
        _exported = exported;
    }

    /// <summary>The metric's instance.</summary>
    public Instance Instance => _column.Instance;

    /// <summary>How its values are summed up.</summary>
    public MetricDefinition Definition => _column.Definition;

    /// <summary>Whether values are durations, which are told in seconds.</summary>
    public bool IsDuration => _column.IsDuration;

    /// <summary>The dimensions, in the order of <see cref="MetricSeries.Dimensions"/>, which is that of their names.</summary>
    public ReadOnlySpan<InstanceField> Dimensions => _table.Dimensions;

    /// <summary>Walks the series.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// Says that the backend has taken what a series has to tell: it counts as delivered, and is no part of the next export even if this one fails.
    /// Exports only. Any thread, until the task of the export completes.
    /// </summary>
    /// <param name="series">The series' <see cref="MetricSeries.Number"/>.</param>
    /// <exception cref="InvalidOperationException">These are totals.</exception>
    public void Confirm(int series)
    {
        Span<long> cells = Cells(series);
        Exported.CountDelivered(cells[0]);
        cells.Clear();
    }

    /// <summary>
    /// Says that the backend will never take what a series has to tell: it counts as dropped, with the reason <see cref="DropReason.Rejected"/>, and is
    /// no part of the next export. Exports only. Any thread, until the task of the export completes.
    /// </summary>
    /// <param name="series">The series' <see cref="MetricSeries.Number"/>.</param>
    /// <exception cref="InvalidOperationException">These are totals.</exception>
    public void Reject(int series)
    {
        Span<long> cells = Cells(series);
        Exported.CountDropped(DropReason.Rejected, cells[0]);
        cells.Clear();
    }

    private HandlerCounters Exported => _exported ?? throw new InvalidOperationException("Totals are read: nothing of them is confirmed or rejected.");

    private Span<long> Cells(int row)
    {
        MetricPage page = _pages[row >> MetricPage.RowBits];
        return (_exported is null ? page.Cells(row) : page.Outgoing(row)).Slice(_column.Offset, _column.Width);
    }

    /// <summary>A walk over the series.</summary>
    public ref struct Enumerator
    {
        private readonly MetricSeriesSet _set;
        private int _row;

        internal Enumerator(MetricSeriesSet set)
        {
            _set = set;
            _row = -1;
        }

        /// <summary>The series at hand.</summary>
        public readonly MetricSeries Current =>
            new(_set._column, _set._table.Dimensions, ref _set._pages[_row >> MetricPage.RowBits].Row(_row), _set.Cells(_row), _row);

        /// <summary>Goes to the next series.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            while (++_row < _set._count)
            {
                if (_set.Cells(_row)[0] != 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>One series of a metric. A view, valid as long as what gave it.</summary>
public readonly ref struct MetricSeries
{
    private readonly MetricColumn _column;
    private readonly ReadOnlySpan<long> _cells;

    internal MetricSeries(MetricColumn column, ReadOnlySpan<InstanceField> dimensions, ref MetricRow row, ReadOnlySpan<long> cells, int number)
    {
        _column = column;
        _cells = cells;
        Number = number;
        IsOverflow = number == 0 && dimensions.Length > 0;
        Dimensions = new EncodedFields(dimensions, row.Key);
    }

    /// <summary>Which series it is, for <see cref="MetricSeriesSet.Confirm"/>. The same in all metrics of one export that have the same dimensions.</summary>
    public int Number { get; }

    /// <summary>
    /// Whether it is the series that takes what has no room in others. Its dimensions must not be read by type then: each is the text
    /// <see cref="MetricDefinition.OverflowText"/>, which <see cref="WriteDimension"/> gives.
    /// </summary>
    public bool IsOverflow { get; }

    /// <summary>The values of the dimensions, by their index in <see cref="MetricSeriesSet.Dimensions"/>.</summary>
    public EncodedFields Dimensions { get; }

    /// <summary>How many instances were summed up; of a distribution, the sum of its buckets.</summary>
    public long Count => _cells[0];

    /// <summary>The sum, or the last value of a gauge; durations in seconds.</summary>
    public double Value => _column.ToDouble(_cells[1]);

    /// <summary>Whether values are durations, which <see cref="Value"/> tells in seconds and <see cref="Integer"/> in nanoseconds.</summary>
    public bool IsDuration => _column.IsDuration;

    /// <summary>Whether <see cref="Integer"/> is the exact value.</summary>
    public bool IsInteger => _column.IsInteger;

    /// <summary>The sum, or the last value, of an INT64, or of a DURATION in nanoseconds. Sums stay at the ends of 64 bits.</summary>
    public long Integer => _cells[1];

    /// <summary>How many instances are in each bucket, not summed up; empty but for distributions.</summary>
    public ReadOnlySpan<long> Buckets => _cells[2..];

    /// <summary>Writes a dimension as text, UTF-8, as <see cref="FieldText"/> does.</summary>
    /// <param name="dimension">Its index.</param>
    /// <param name="output">Where to.</param>
    public void WriteDimension(int dimension, IBufferWriter<byte> output)
    {
        if (IsOverflow)
        {
            output.Write(MetricDefinition.OverflowText);
        }
        else
        {
            FieldText.Write(Dimensions, dimension, output);
        }
    }
}
