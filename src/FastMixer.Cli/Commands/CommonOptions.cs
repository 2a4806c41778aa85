using System.CommandLine;
using System.CommandLine.Parsing;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Output;
using FastMixer.Client.Connections;
using FastMixer.Policy.Language;
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

    private readonly RequestOptions _request = new();
    private readonly OutputOption _output = new();

    private readonly Option<TimeSpan> _timeout = new("--timeout")
    {
        Description = "How long to wait for an answer, such as 20ms or 1.5s; the server is told, and drops a check that waits longer for its turn [default: 1s]",
        HelpName = "DURATION",
        CustomParser = ParseTimeout,
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_server);
        _request.AddTo(command);
        _output.AddTo(command);
        command.Add(_timeout);
    }

    /// <summary>How to print.</summary>
    /// <param name="parsed">The command line.</param>
    public OutputFormat ReadOutput(ParseResult parsed) => _output.Read(parsed);

    /// <summary>How to reach the server.</summary>
    /// <param name="parsed">The command line.</param>
    public MixerConnectionOptions ReadClient(ParseResult parsed)
    {
        TimeSpan timeout = parsed.GetResult(_timeout) is null ? TimeSpan.FromSeconds(1) : parsed.GetValue(_timeout);
        return new MixerConnectionOptions
        {
            Server = parsed.GetValue(_server)!,
            Name = $"fastmixer-{parsed.CommandResult.Command.Name}",
            Timeout = timeout,
            ConnectTimeout = timeout,
        };
    }

    /// <inheritdoc cref="RequestOptions.ReadRequest"/>
    public AttributeSet ReadRequest(ParseResult parsed) => _request.ReadRequest(parsed);

    /// <inheritdoc cref="RequestOptions.ReadRecords"/>
    public IReadOnlyList<AttributeSet> ReadRecords(ParseResult parsed) => _request.ReadRecords(parsed);

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

        result.AddError($"--timeout: expected {AttributeText.ExpectedDuration}, from 1ms to 1h; found '{text}'");
        return default;
    }
}
