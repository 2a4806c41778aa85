using System.Globalization;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters;

/// <summary>Reads how a distribution is cut into buckets, in the form of Mixer's <c>BucketsDefinition</c>.</summary>
internal static class BucketParameters
{
    /// <summary>The buckets of a distribution that does not say: made for the seconds that a request takes.</summary>
    public static BucketBounds Default { get; } = BucketBounds.Explicit([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);

    /// <summary>Reads <c>buckets</c>: one of <c>explicit_buckets</c>, <c>linear_buckets</c>, <c>exponential_buckets</c>.</summary>
    /// <param name="metric">The metric's parameters.</param>
    public static BucketBounds Read(ParameterReader metric)
    {
        if (metric.Object("buckets") is not { } buckets)
        {
            return Default;
        }

        BucketBounds?[] found =
        [
            buckets.Object("explicit_buckets") is { } listed ? ReadExplicit(listed) : null,
            buckets.Object("linear_buckets") is { } linear ? ReadLinear(linear) : null,
            buckets.Object("exponential_buckets") is { } exponential ? ReadExponential(exponential) : null,
        ];
        buckets.End();
        BucketBounds[] bounds = [.. found.OfType<BucketBounds>()];
        if (bounds.Length != 1)
        {
            buckets.Fail(buckets.Place, "\"buckets\": expected one of explicitBuckets, linearBuckets, exponentialBuckets.");
            return Default;
        }

        return bounds[0];
    }

    private static BucketBounds ReadExplicit(ParameterReader reader)
    {
        var bounds = new List<double>();
        foreach (ScalarNode scalar in reader.TextList("bounds"))
        {
            if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double bound))
            {
                bounds.Add(bound);
            }
            else
            {
                reader.Fail(scalar.Place, $"\"bounds\": expected a number, found {scalar.Describe()}.");
            }
        }

        reader.End();
        return Make(reader, () => BucketBounds.Explicit(bounds));
    }

    private static BucketBounds ReadLinear(ParameterReader reader)
    {
        int finite = ReadFinite(reader);
        double width = reader.Double("width", 1, double.Epsilon, double.MaxValue);
        double offset = reader.Double("offset", 0, double.MinValue, double.MaxValue);
        reader.End();
        return Make(reader, () => BucketBounds.Linear(finite, offset, width));
    }

    private static BucketBounds ReadExponential(ParameterReader reader)
    {
        int finite = ReadFinite(reader);
        double factor = reader.Double("growth_factor", 2, 1, double.MaxValue);
        double scale = reader.Double("scale", 1, double.Epsilon, double.MaxValue);
        reader.End();
        return Make(reader, () => BucketBounds.Exponential(finite, scale, factor));
    }

    private static int ReadFinite(ParameterReader reader) => reader.Int32("num_finite_buckets", 10, 1, BucketBounds.MaxCount - 1);

    private static BucketBounds Make(ParameterReader reader, Func<BucketBounds> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            reader.Fail(
                reader.Place, $"Buckets need from 1 to {BucketBounds.MaxCount} bounds, which are finite numbers, each above the one before.");
            return Default;
        }
    }
}
