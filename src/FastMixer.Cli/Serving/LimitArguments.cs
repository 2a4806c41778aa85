using System.Globalization;
using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Protocol.Wire;

namespace FastMixer.Cli.Serving;

/// <summary>The limits of the protocol by the names that an operator gives them: <c>frame-bytes=2097152</c>, <c>idle-time=5m</c>.</summary>
internal static class LimitArguments
{
    private static readonly (string Name, int Number, bool IsTime)[] Limits =
    [
        ("frame-bytes", 1, false), ("datagram-bytes", 2, false), ("attributes", 3, false), ("map-entries", 4, false), ("name-bytes", 5, false),
        ("value-bytes", 6, false), ("records", 7, false), ("in-flight", 8, false), ("quotas", 9, false), ("hello-time", 10, true),
        ("idle-time", 11, true), ("send-time", 12, true), ("connections", 13, false),
    ];

    /// <summary>The names and defaults, for the help.</summary>
    public static string Help =>
        string.Join(", ", Limits.Zip(ProtocolLimits.Default.ToNumbers(), (limit, value) => limit.Name + "=" + Format(limit.IsTime, value.Value)));

    /// <summary>Applies one assignment.</summary>
    /// <param name="limits">The limits so far.</param>
    /// <param name="argument">The assignment.</param>
    /// <exception cref="InputException">It is none.</exception>
    public static ProtocolLimits Apply(ProtocolLimits limits, string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        string value = equals < 0 ? "" : argument[(equals + 1)..];
        (string Name, int Number, bool IsTime) limit = Array.Find(Limits, known => known.Name == name);
        if (limit.Name is null)
        {
            throw new InputException($"--limit {argument}: unknown limit '{name}'.{Suggestion.For(name, Limits.Select(known => known.Name))}");
        }

        return TryParse(limit.IsTime, value, out long number)
            ? limits.WithNumber(limit.Number, number)
            : throw new InputException(
                $"--limit {argument}: expected {(limit.IsTime ? "a duration from 1ms, such as 10s" : "a whole number from 1")}, found '{value}'");
    }

    private static bool TryParse(bool isTime, string text, out long number)
    {
        if (isTime)
        {
            bool valid = DurationText.TryParse(text, out long nanoseconds);
            number = nanoseconds / 1_000_000;
            return valid && number > 0 && number <= int.MaxValue;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && number <= int.MaxValue;
    }

    private static string Format(bool isTime, long value) =>
        isTime ? DurationText.Format(value * 1_000_000) : value.ToString(CultureInfo.InvariantCulture);
}
