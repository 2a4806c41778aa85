using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>Metrics in the text format of Prometheus, as a server's admin page tells them.</summary>
internal sealed class MetricsText
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the values; comments are passed over.</summary>
    public MetricsText(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = line.LastIndexOf(' ');
            if (line[0] != '#' && end > 0)
            {
                _values[line[..end]] = double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>The value of a series, given as it is written there.</summary>
    /// <exception cref="LoadTestException">There is none.</exception>
    public double this[string series] =>
        _values.TryGetValue(series, out var value) ? value : throw new LoadTestException($"the server's metrics have no {series}");

    /// <summary>The sum of all series of a metric, whatever their labels; 0 if there are none.</summary>
    public double Sum(string metric) => _values.GetValueOrDefault(metric) + Beginning(metric + '{').Sum(static series => series.Value);

    /// <summary>Series whose text begins so, and their values.</summary>
    public IEnumerable<KeyValuePair<string, double>> Beginning(string text) =>
        _values.Where(value => value.Key.StartsWith(text, StringComparison.Ordinal));
}
