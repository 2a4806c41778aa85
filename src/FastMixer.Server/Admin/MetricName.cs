using System.Diagnostics.Metrics;

namespace FastMixer.Server.Admin;

/// <summary>
/// The names that instruments have in Prometheus, by the rules that OpenTelemetry's exporters go by: dots become underscores, the unit comes last, and
/// counters end in <c>_total</c>. So <c>fastmixer.rule.errors</c> is <c>fastmixer_rule_errors_total</c>.
/// </summary>
internal static class MetricName
{
    /// <summary>The name of an instrument.</summary>
    public static string Of(Instrument instrument)
    {
        string name = Translate(instrument.Name);
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return IsCounter(instrument) ? name + "_total" : name;
    }

    /// <summary>The name of a tag.</summary>
    public static string OfTag(string tag) => Translate(tag);

    /// <summary>Whether an instrument only ever goes up.</summary>
    public static bool IsCounter(Instrument instrument) =>
        instrument is ObservableCounter<int> or ObservableCounter<long> or ObservableCounter<double>;

    private static string Translate(string name) =>
        string.Create(name.Length, name, static (text, name) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
            }
        });
}
