using System.CommandLine;
using System.CommandLine.Parsing;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Output;
using FastMixer.Client;
using FastMixer.Protocol.Addresses;

namespace FastMixer.Cli.Commands;

/// <summary>The options that every command has which talks to a server, and how they are read.</summary>
internal sealed class CommonOptions
{
    private readonly Option<MixerAddress> _server = new("--server")
    {
        Description = "Where the server listens: tcp://host:port, udp://host:port or unix:///path",
        HelpName = "URI",
        DefaultValueFactory = _ => MixerAddress.Parse($"tcp://127.0.0.1:{MixerAddress.DefaultPort}"),
        CustomParser = ParseServer,
    };

    private readonly Option<string[]> _attributes = new("--attribute", "-a")
    {
        Description = "An attribute, typed by the standard vocabulary; NAME[KEY]=VALUE for one entry of a STRING_MAP. "
            + "May be given often, and overrides the file",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _file = new("--attributes")
    {
        Description = "A file of attributes, as a JSON object from names to values",
        HelpName = "FILE.json",
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "How to print: text for people, json for programs",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<TimeSpan> _timeout = new("--timeout")
    {
        Description = "How long to wait for an answer, such as 20ms or 1.5s [default: 1s]",
        HelpName = "DURATION",
        CustomParser = ParseTimeout,
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _output.AcceptOnlyFromAmong("text", "json");
        command.Add(_server);
        command.Add(_attributes);
        command.Add(_file);
        command.Add(_output);
        command.Add(_timeout);
    }

    /// <summary>How to print.</summary>
    /// <param name="parsed">The command line.</param>
    public OutputFormat ReadOutput(ParseResult parsed) => parsed.GetValue(_output) == "json" ? OutputFormat.Json : OutputFormat.Text;

    /// <summary>How to reach the server.</summary>
    /// <param name="parsed">The command line.</param>
    public MixerClientOptions ReadClient(ParseResult parsed)
    {
        TimeSpan timeout = parsed.GetResult(_timeout) is null ? TimeSpan.FromSeconds(1) : parsed.GetValue(_timeout);
        return new MixerClientOptions
        {
            Server = parsed.GetValue(_server)!,
            Name = $"fastmixer-{parsed.CommandResult.Command.Name}",
            Timeout = timeout,
            ConnectTimeout = timeout,
        };
    }

    /// <summary>
    /// The attributes of one request: the file's, and over them those of the command line. Warnings go to standard error.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="InputException">Some are wrong.</exception>
    public AttributeSet ReadRequest(ParseResult parsed)
    {
        IReadOnlyList<AttributeSet> records = ReadRecords(parsed);
        return records.Count == 1
            ? records[0]
            : throw new InputException(
                $"{parsed.GetValue(_file)}: expected one object, found an array of {records.Count}; "
                + "only `fastmixer report` takes several records");
    }

    /// <summary>
    /// The attributes of one record or more: the file's, and over each those of the command line. Warnings go to standard error.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="InputException">Some are wrong.</exception>
    public IReadOnlyList<AttributeSet> ReadRecords(ParseResult parsed)
    {
        var findings = new Findings();
        string? file = parsed.GetValue(_file);
        IReadOnlyList<AttributeSet> records = file is null ? [new AttributeSet()] : AttributeFile.Read(file, findings);
        if (records.Count == 0)
        {
            throw new InputException($"{file}: the array is empty; expected an object for each record");
        }

        string[] assignments = parsed.GetValue(_attributes) ?? [];
        foreach (AttributeSet record in records)
        {
            // The problems of the command line are the same for each record.
            AttributeParser.Apply(assignments, record, record == records[0] ? findings : new Findings());
        }

        foreach (string warning in findings.Warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"fastmixer: warning: {Printable.Line(warning)}");
        }

        findings.ThrowIfProblems();
        return records;
    }

    private static MixerAddress? ParseServer(ArgumentResult result)
    {
        if (MixerAddress.TryParse(result.Tokens[0].Value, out MixerAddress? address, out string? problem))
        {
            return address;
        }

        result.AddError($"--server: {problem}");
        return null;
    }

    private static TimeSpan ParseTimeout(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out long nanoseconds) && nanoseconds >= 1_000_000 && nanoseconds <= 3_600_000_000_000)
        {
            return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        }

        result.AddError($"--timeout: expected {DurationText.Expected}, from 1ms to 1h; found '{text}'");
        return default;
    }
}
