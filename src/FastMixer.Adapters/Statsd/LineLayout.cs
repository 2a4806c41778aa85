using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Statsd;

/// <summary>Where among some fields a metric's dimensions stand. Immutable.</summary>
internal sealed class LineLayout
{
    /// <summary>A layout.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="dialect">What lines look like.</param>
    /// <param name="fields">The fields.</param>
    public LineLayout(StatsdMetric metric, Dialect dialect, ReadOnlySpan<InstanceField> fields)
    {
        var dimensions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i] is { Path: "dimensions", Key: { } key })
            {
                dimensions.Add(key, i);
            }
        }

        Metric = metric;
        Name = [.. metric.Name.Parts.Select(part => new LinePart(part.Text, part.Dimension is null ? -1 : dimensions[part.Dimension]))];
        Tags = dialect == Dialect.Statsd
            ? []
            : [.. dimensions.Select(pair => new LinePart(System.Text.Encoding.UTF8.GetBytes(StatsdText.CleanName(pair.Key) + ":"), pair.Value))];
    }

    /// <summary>The metric.</summary>
    public StatsdMetric Metric { get; }

    /// <summary>What the name is made of.</summary>
    public IReadOnlyList<LinePart> Name { get; }

    /// <summary>The dimensions that are tags.</summary>
    public IReadOnlyList<LinePart> Tags { get; }
}

/// <summary>Some text, then the value of a field.</summary>
/// <param name="Text">UTF-8.</param>
/// <param name="Field">The field's index; −1 for none.</param>
internal readonly record struct LinePart(ReadOnlyMemory<byte> Text, int Field);
