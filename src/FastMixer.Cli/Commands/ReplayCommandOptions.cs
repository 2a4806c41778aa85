using System.CommandLine;
using System.Globalization;
using FastMixer.Cli.Replay;

namespace FastMixer.Cli.Commands;

/// <summary>The options that only <c>fastmixer replay</c> has.</summary>
internal sealed class ReplayCommandOptions
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The access log, plain or gzip; - for standard input",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "How its lines are made up: combined has a referer and a user agent behind what common has",
        HelpName = "combined|common",
        DefaultValueFactory = _ => "combined",
    };

    private readonly Option<long> _depth = Number("--depth", "How many checks are in flight on each connection", 64, 1, 65_535);

    private readonly Option<long> _connections = Number("--connections", "How many connections to the server", 1, 1, 1_024);

    private readonly Option<long> _top = Number("--top", "How many rules, paths and sources the summary lists", 10, 0, 1_000_000);

    private readonly Option<long> _limit = Number("--limit", "How many lines are read at most; all if not given", null, 1, long.MaxValue);

    private readonly Option<bool> _noCheck = new("--no-check") { Description = "Send reports only" };

    private readonly Option<bool> _noReport = new("--no-report") { Description = "Ask for verdicts only" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _format.AcceptOnlyFromAmong("combined", "common");
        command.Add(_file);
        foreach (Option option in new Option[] { _format, _depth, _connections, _top, _limit, _noCheck, _noReport })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_noCheck) && result.GetValue(_noReport))
            {
                result.AddError("--no-check and --no-report together leave nothing to do; give one of them at most");
            }
        });
    }

    /// <summary>The log.</summary>
    /// <param name="parsed">The command line.</param>
    public string ReadFile(ParseResult parsed) => parsed.GetValue(_file)!;

    /// <summary>How many connections.</summary>
    /// <param name="parsed">The command line.</param>
    public int ReadConnections(ParseResult parsed) => (int)parsed.GetValue(_connections);

    /// <summary>How long the summary's lists are.</summary>
    /// <param name="parsed">The command line.</param>
    public int ReadTop(ParseResult parsed) => (int)parsed.GetValue(_top);

    /// <summary>How to replay.</summary>
    /// <param name="parsed">The command line.</param>
    public ReplayOptions Read(ParseResult parsed) => new()
    {
        Format = parsed.GetValue(_format) == "common" ? AccessLogFormat.Common : AccessLogFormat.Combined,
        Depth = (int)parsed.GetValue(_depth),
        Limit = parsed.GetResult(_limit) is null ? long.MaxValue : parsed.GetValue(_limit),
        Checks = !parsed.GetValue(_noCheck),
        Reports = !parsed.GetValue(_noReport),
    };

    private static Option<long> Number(string name, string description, long? usual, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = usual is { } value ? _ => value : null,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < least || number > most)
            {
                result.AddError($"{name}: expected a number from {least} to {most}, found '{text}'");
            }

            return number;
        },
    };
}
