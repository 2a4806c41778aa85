namespace FastMixer.Engine.Reports.Metrics;

/// <summary>How values of a series are summed up.</summary>
public enum MetricKind
{
    /// <summary>Values are added; none may be negative.</summary>
    Counter,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>Values are counted by bucket, and added.</summary>
    Distribution,
}

/// <summary>How a handler wants the instances of a metric summed up. Immutable.</summary>
/// <param name="Kind">How values are summed up.</param>
/// <param name="Buckets">The buckets of a distribution; null for others.</param>
public sealed record MetricDefinition(MetricKind Kind, BucketBounds? Buckets = null)
{
    /// <summary>What every dimension of the series is called that takes what has no room in others.</summary>
    public static ReadOnlySpan<byte> OverflowText => "other"u8;

    /// <summary>
    /// The most bytes that the dimensions of a series may have together, in the encoding of <see cref="Policy.Rules.EncodedFields"/>. Longer ones
    /// count into the overflow series.
    /// </summary>
    public const int MaxDimensionBytes = 4096;

    /// <summary>The most series, the overflow series aside.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <summary>How long a series is kept without an instance; zero for ever. What was not exported is kept in any case.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>The buckets of a distribution by their inclusive upper bounds; one more takes all that is above. Immutable. Durations are in seconds.</summary>
public sealed class BucketBounds
{
    /// <summary>The most bounds.</summary>
    public const int MaxCount = 512;

    private readonly double[] _bounds;

    private BucketBounds(double[] bounds) => _bounds = bounds;

    /// <summary>The bounds, ascending.</summary>
    public ReadOnlySpan<double> Upper => _bounds;

    /// <summary>How many buckets there are: one more than bounds.</summary>
    public int Count => _bounds.Length + 1;

    /// <summary>Buckets with these bounds.</summary>
    /// <param name="bounds">Finite, strictly ascending, at most <see cref="MaxCount"/>.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static BucketBounds Explicit(IReadOnlyList<double> bounds)
    {
        for (int i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
            {
                throw new ArgumentException("Bounds must be finite, each above the one before.", nameof(bounds));
            }
        }

        return bounds.Count is >= 1 and <= MaxCount
            ? new BucketBounds([.. bounds])
            : throw new ArgumentException($"There must be 1 to {MaxCount} bounds.", nameof(bounds));
    }

    /// <summary>Buckets of one width, with the bounds <c>offset + i·width</c> for i = 0 … finite.</summary>
    /// <param name="finite">How many buckets have two bounds.</param>
    /// <param name="offset">The first bound.</param>
    /// <param name="width">Above 0.</param>
    public static BucketBounds Linear(int finite, double offset, double width) =>
        Explicit([.. Enumerable.Range(0, finite + 1).Select(i => offset + (i * width))]);

    /// <summary>Buckets that grow, with the bounds <c>scale·factorⁱ</c> for i = 0 … finite.</summary>
    /// <param name="finite">How many buckets have two bounds.</param>
    /// <param name="scale">The first bound, above 0.</param>
    /// <param name="factor">Above 1.</param>
    public static BucketBounds Exponential(int finite, double scale, double factor) =>
        Explicit([.. Enumerable.Range(0, finite + 1).Select(i => scale * Math.Pow(factor, i))]);

    /// <summary>The bucket of a value.</summary>
    /// <param name="value">Finite.</param>
    /// <returns>The index of the first bound that is not below it, or the number of bounds.</returns>
    public int Find(double value)
    {
        int low = 0;
        int high = _bounds.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (value <= _bounds[middle])
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
