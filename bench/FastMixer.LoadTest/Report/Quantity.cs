using System.Globalization;

namespace FastMixer.LoadTest.Report;

/// <summary>Numbers as people read them.</summary>
internal static class Quantity
{
    private const string Unknown = "-";

    /// <summary>A count, with thousands set apart.</summary>
    public static string Count(double value) => value.ToString(value < 100 ? "#,0.#" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A time in µs, ms or s, with three digits that count.</summary>
    public static string Seconds(double value) => value switch
    {
        < 1e-3 => $"{Digits(value * 1e6)} µs",
        < 1 => $"{Digits(value * 1e3)} ms",
        _ => $"{Digits(value)} s",
    };

    /// <summary>A time, or a dash where there is none.</summary>
    public static string Seconds(double? value) => value is { } seconds ? Seconds(seconds) : Unknown;

    /// <summary>A ratio.</summary>
    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A share of 1, in percent: with more digits near all and near none, where they count.</summary>
    public static string Percent(double share)
    {
        var format = share is > 0.99 and < 1 or > 0 and < 0.01 ? "0.000 %" : "0.0 %";
        return share is 0 or 1 ? share.ToString("0 %", CultureInfo.InvariantCulture) : share.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A share, or a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } known ? Percent(known) : Unknown;

    private static string Digits(double value) =>
        value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
