using System.Globalization;
using System.Text.RegularExpressions;

namespace FastMixer.Adapters.Tests.Statsd;

/// <summary>A line as daemons read it: <c>name:value|type|@rate|#tag,tag</c>.</summary>
internal sealed partial record StatsdLine(string Name, string Value, string Type, double Rate, string Tags)
{
    public double Number => double.Parse(Value, CultureInfo.InvariantCulture);

    public static StatsdLine Parse(string line)
    {
        Match match = Grammar().Match(line);
        Assert.True(match.Success, $"no line of statsd: {line}");
        string rate = match.Groups["rate"].Value;
        return new StatsdLine(
            match.Groups["name"].Value,
            match.Groups["value"].Value,
            match.Groups["type"].Value,
            rate.Length == 0 ? 1 : double.Parse(rate, CultureInfo.InvariantCulture),
            match.Groups["tags"].Value);
    }

    [GeneratedRegex(
        """\A(?<name>[^\x00-\x20\x7f:|@#,]+):(?<value>-?[0-9]+(\.[0-9]+)?)\|(?<type>c|g|ms|h)(\|@(?<rate>0\.[0-9]+))?(\|#(?<tags>[^:|,\x00-\x1f]+:[^|,\x00-\x1f]*(,[^:|,\x00-\x1f]+:[^|,\x00-\x1f]*)*))?\z""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
