using System.CommandLine.Parsing;
using System.Globalization;
using FastMixer.Caching;

namespace FastMixer.Cli.Commands;

/// <summary>A size of memory as an operator writes it: <c>64MiB</c>, <c>512KiB</c>, <c>2GiB</c>, or bytes.</summary>
internal static class SizeArgument
{
    private const long Most = StripedCacheOptions.MaxStripeBytes * StripedCacheOptions.MaxStripes;

    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];

    /// <summary>Reads one.</summary>
    /// <param name="result">Has one token; takes what is wrong with it.</param>
    /// <param name="option">The option that it is for.</param>
    /// <param name="least">The least size; 0 is always allowed: it means none.</param>
    /// <returns>Bytes.</returns>
    public static long Parse(ArgumentResult result, string option, long least)
    {
        string text = result.Tokens[0].Value;
        (string unit, int shift) = Array.Find(Units, known => text.EndsWith(known.Unit, StringComparison.OrdinalIgnoreCase));
        bool isNumber = long.TryParse(text[..^(unit?.Length ?? 0)], NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        if (isNumber && number <= Most >> shift && (number == 0 || number << shift >= least))
        {
            return number << shift;
        }

        result.AddError($"{option}: expected 0, or a size from {least >> 10}KiB to {Most >> 30}GiB such as 256MiB; found '{text}'");
        return 0;
    }
}
