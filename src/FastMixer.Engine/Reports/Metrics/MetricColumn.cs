using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>
/// One metric within a <see cref="MetricTable"/>: where in a row its cells are. The first counts instances, the second is the value (the sum, or the
/// last), the others are the buckets. Immutable.
/// </summary>
internal sealed class MetricColumn
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>A metric.</summary>
    /// <param name="instance">Its instance.</param>
    /// <param name="definition">How it is summed up.</param>
    /// <param name="offset">The index of its first cell in a row.</param>
    public MetricColumn(Instance instance, MetricDefinition definition, int offset)
    {
        Instance = instance;
        Definition = definition;
        Offset = offset;
        ValueField = instance.IndexOf("value");
        AttributeType type = ValueField < 0 ? AttributeType.Int64 : instance.Fields[ValueField].Type;
        IsInteger = type is AttributeType.Int64 or AttributeType.Duration;
        IsDuration = type == AttributeType.Duration;
    }

    /// <summary>Its instance.</summary>
    public Instance Instance { get; }

    /// <summary>How it is summed up.</summary>
    public MetricDefinition Definition { get; }

    /// <summary>The index of its first cell in a row.</summary>
    public int Offset { get; }

    /// <summary>How many cells it has.</summary>
    public int Width => 2 + (Definition.Buckets?.Count ?? 0);

    /// <summary>The field of the value, or −1.</summary>
    public int ValueField { get; }

    /// <summary>Whether values are whole numbers: INT64, or nanoseconds of DURATION. Others are the bits of doubles.</summary>
    public bool IsInteger { get; }

    /// <summary>Whether values are nanoseconds.</summary>
    public bool IsDuration { get; }

    /// <summary>A value as adapters see it: durations in seconds.</summary>
    public double ToDouble(long raw) => IsDuration ? raw / NanosecondsPerSecond : IsInteger ? raw : BitConverter.Int64BitsToDouble(raw);

    /// <summary>Whether a value can be summed up.</summary>
    public bool IsValid(long raw) => IsInteger
        ? raw >= 0 || (Definition.Kind != MetricKind.Counter && !IsDuration)
        : double.IsFinite(BitConverter.Int64BitsToDouble(raw)) && (Definition.Kind != MetricKind.Counter || BitConverter.Int64BitsToDouble(raw) >= 0);

    /// <summary>Counts a value.</summary>
    /// <param name="cells">The column's cells of a row.</param>
    /// <param name="raw">A valid value.</param>
    public void Add(Span<long> cells, long raw)
    {
        cells[0]++;
        cells[1] = Definition.Kind == MetricKind.Gauge ? raw : Sum(cells[1], raw);
        if (Definition.Buckets is { } buckets)
        {
            cells[2 + buckets.Find(ToDouble(raw))]++;
        }
    }

    /// <summary>Adds what some cells hold to others.</summary>
    /// <param name="cells">The column's cells of a row.</param>
    /// <param name="more">The same of another, which came after.</param>
    public void Merge(Span<long> cells, ReadOnlySpan<long> more)
    {
        if (more[0] == 0)
        {
            return;
        }

        cells[0] += more[0];
        cells[1] = Definition.Kind == MetricKind.Gauge ? more[1] : Sum(cells[1], more[1]);
        for (int i = 2; i < cells.Length; i++)
        {
            cells[i] += more[i];
        }
    }

    // A sum that leaves 64 bits stays at their end rather than to turn negative.
    private long Sum(long left, long right)
    {
        if (!IsInteger)
        {
            return BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(left) + BitConverter.Int64BitsToDouble(right));
        }

        long sum = unchecked(left + right);
        bool wrapped = ((left ^ sum) & (right ^ sum)) < 0;
        return !wrapped ? sum : left < 0 ? long.MinValue : long.MaxValue;
    }
}
