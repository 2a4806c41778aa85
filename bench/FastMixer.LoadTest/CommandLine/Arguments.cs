using System.CommandLine;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>Options that commands have in common, and how they are read.</summary>
internal static class Arguments
{
    private static readonly TimeSpan LeastLength = TimeSpan.FromSeconds(3);

    /// <summary>An option for a whole number.</summary>
    public static Option<int> Number(string name, int standard, string description) =>
        new(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };

    /// <summary>An option for a duration; read it with <see cref="Duration"/>.</summary>
    public static Option<string> DurationOption(string name, string standard, string description) =>
        new(name) { HelpName = "TIME", Description = description, DefaultValueFactory = _ => standard };

    /// <summary>Reads a duration.</summary>
    public static TimeSpan Duration(ParseResult parsed, Option<string> option, bool mayBeZero = false)
    {
        var text = parsed.GetValue(option);
        return DurationText.TryParse(text, out var duration) && (mayBeZero || duration > TimeSpan.Zero)
            ? duration
            : throw new LoadTestException(
                $"{option.Name}: '{text}' is no duration: expected a number{(mayBeZero ? "" : " above 0")} and us, ms, s, m or h, like 500ms or 10s");
    }

    /// <summary>Reads how long an experiment lasts whose time is divided: at least 3 seconds.</summary>
    public static TimeSpan Length(ParseResult parsed, Option<string> option)
    {
        var length = Duration(parsed, option);
        Require(length >= LeastLength, $"{option.Name}: expected at least {DurationText.Format(LeastLength)}");
        return length;
    }

    /// <summary>Reads a whole number within bounds.</summary>
    public static int Number(ParseResult parsed, Option<int> option, int least, int most)
    {
        var value = parsed.GetValue(option);
        Require(value >= least && value <= most, $"{option.Name}: expected {least} to {most}");
        return value;
    }

    /// <summary>Fails with a message unless a condition holds.</summary>
    public static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new LoadTestException(message);
        }
    }
}
