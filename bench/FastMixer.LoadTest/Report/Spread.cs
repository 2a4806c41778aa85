namespace FastMixer.LoadTest.Report;

/// <summary>What several rounds say of one number.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of some values; null if there are none, or one is missing.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0 || sorted[0] is null)
        {
            return null;
        }

        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median!.Value, sorted[0]!.Value, sorted[^1]!.Value);
    }
}
