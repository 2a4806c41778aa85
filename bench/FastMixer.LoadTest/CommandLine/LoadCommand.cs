using System.CommandLine;
using System.CommandLine.Help;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The command line: its options, and what they become.</summary>
internal sealed class LoadCommand
{
    private readonly Option<string?> _server = new("--server")
    {
        HelpName = "URI",
        Description = "The server: tcp://host:port, unix:///path or udp://host:port",
    };

    private readonly Option<string?> _start = new("--start")
    {
        HelpName = "COMMAND",
        Description = "Start the server with this command (no shell), use the address that it prints, and end it with SIGTERM",
    };

    private readonly Option<string> _transport = new("--transport")
    {
        HelpName = "tcp|unix|udp",
        DefaultValueFactory = static _ => "tcp",
        Description = "Which of the addresses that a started server prints to use",
    };

    private readonly Option<int> _connections = Arguments.Number("--connections", 1, "Connections, each with a thread of its own");

    private readonly Option<int?> _depth = new("--depth")
    {
        HelpName = "N",
        Description = "Requests in flight on a connection [default: 1; with --rate the most that may pile up, 1024]",
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        HelpName = "N",
        Description = "Open loop: send N requests a second in all, and measure each from the moment it was due",
    };

    private readonly Option<string> _duration = Arguments.DurationOption("--duration", "10s", "How long a round measures");
    private readonly Option<string> _warmup = Arguments.DurationOption("--warmup", "2s", "How long a round runs before it measures");
    private readonly Option<string> _timeout = Arguments.DurationOption("--timeout", "2s", "How long to wait for an answer");

    private readonly Option<int> _keys = Arguments.Number("--keys", 1, "Vary request.path evenly over N values");

    private readonly Option<bool> _distinct = new("--distinct")
    {
        Description = "Give each request a request.path of its own, so that no cache can have its verdict",
    };

    private readonly Option<string?> _attributes = new("--attributes")
    {
        HelpName = "JSON|FILE",
        Description = "The attributes of a check, a JSON object or a file with one [default: 12 attributes of an HTTP request]",
    };

    private readonly Option<bool> _allowRemote = new("--allow-remote")
    {
        Description = "Load a server on another machine too: make sure that it is yours",
    };

    private readonly Option<bool> _floor = new("--floor")
    {
        Description = "Compare with the floor: bare .NET sockets that answer equally many bytes, in alternating rounds",
    };

    private readonly Option<int?> _rounds = new("--rounds")
    {
        HelpName = "N",
        Description = "Rounds; medians are reported [default: 1; 5 with --floor]",
    };

    private readonly Option<string?> _pin = new("--pin")
    {
        HelpName = "SERVER,CLIENT",
        Description = "Bind the processes started here to one CPU and this generator to another (or the same)",
    };

    private readonly Option<int?> _serverPid = new("--server-pid")
    {
        HelpName = "PID",
        Description = "The process of a server that runs already, to read its CPU time",
    };

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "text|json",
        DefaultValueFactory = static _ => "text",
        Description = "The form of the report",
    };

    /// <summary>The root command.</summary>
    public RootCommand Create()
    {
        var root = new RootCommand("Measures how fast a FastMixer server answers checks, and compares it with the bare sockets below it.")
        {
            _server, _start, _transport, _connections, _depth, _rate, _duration, _warmup, _timeout, _keys, _distinct, _attributes, _floor, _rounds,
            _pin, _serverPid, _allowRemote, _output,
            LatencyCommand.Create(), ThroughputCommand.Create(), OverloadCommand.Create(), OutageCommand.Create(), ReportsCommand.Create(), FleetCommand.Create(),
            BackendCommand.Create(),
            FloorCommand.Create(), GarnetCommand.Create(),
        };
        root.SetAction(Run);
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                option.Action = new HelpWithExamples(help);
            }
        }

        return root;
    }

    private int Run(ParseResult parsed)
    {
        var options = Bind(parsed);
        using var interruption = new Interruption();
        var report = LoadRun.Run(options, interruption.Token);
        ReportOutput.Write(options.Json, report, TextReport.Write, JsonReport.Write);
        var total = report.Server.Total;
        return total.Errors + total.Lost + total.Unsent == 0 ? ExitCode.Clean : ExitCode.WithErrors;
    }

    private LoadOptions Bind(ParseResult parsed)
    {
        var server = parsed.GetValue(_server);
        var start = parsed.GetValue(_start);
        var floor = parsed.GetValue(_floor);
        var pid = parsed.GetValue(_serverPid);
        Arguments.Require(server is not null || start is not null, "no server to measure: give --server URI or --start COMMAND (see --help)");
        Arguments.Require(pid is null || start is null, "--server-pid is for a server that runs already, not for one of --start");
        Arguments.Require(parsed.GetResult(_keys) is not { Implicit: false } || !parsed.GetValue(_distinct), "--distinct leaves no number of --keys to choose");
        Arguments.Require(parsed.GetValue(_output) is "text" or "json", "--output: expected text or json");
        Arguments.Require(parsed.GetValue(_connections) is >= 1 and <= 10_000, "--connections: expected 1 to 10000");
        Arguments.Require(parsed.GetValue(_keys) is >= 1 and <= KeySource.MaxKeys, $"--keys: expected 1 to {KeySource.MaxKeys}");
        Arguments.Require(parsed.GetValue(_depth) is null or (>= 1 and <= 65_536), "--depth: expected 1 to 65536");
        Arguments.Require(parsed.GetValue(_rate) is null or (> 0 and <= 1e8), "--rate: expected more than 0 requests a second");
        Arguments.Require(parsed.GetValue(_rounds) is null or (>= 1 and <= 1000), "--rounds: expected 1 to 1000");
        return new LoadOptions
        {
            Server = server is null ? null : Near(ServerAddress.Parse(server), parsed.GetValue(_allowRemote)),
            StartCommand = start is null ? [] : CommandText.Split(start),
            Transport = ServerAddress.ParseScheme(parsed.GetValue(_transport)!),
            Load = new RoundSettings
            {
                Connections = parsed.GetValue(_connections),
                Depth = parsed.GetValue(_depth),
                Rate = parsed.GetValue(_rate),
                Duration = Arguments.Duration(parsed, _duration),
                Warmup = Arguments.Duration(parsed, _warmup, mayBeZero: true),
                Timeout = Arguments.Duration(parsed, _timeout),
                Rounds = parsed.GetValue(_rounds) ?? (floor ? 5 : 1),
            },
            Keys = parsed.GetValue(_distinct) ? KeySource.Distinct() : KeySource.Repeated(parsed.GetValue(_keys)),
            Attributes = ReadAttributes(parsed.GetValue(_attributes)),
            Floor = floor,
            Pin = parsed.GetValue(_pin) is { } pin ? Placement.Parse(pin) : null,
            ServerProcessId = pid,
            Json = parsed.GetValue(_output) is "json",
        };
    }

    private static string ReadAttributes(string? text)
    {
        if (text is null)
        {
            return Resource.Text("default-check.json");
        }

        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            return text;
        }

        try
        {
            return File.ReadAllText(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"--attributes: {e.Message}");
        }
    }

    private static ServerAddress Near(ServerAddress server, bool allowRemote)
    {
        Arguments.Require(
            server.IsLoopback || allowRemote,
            $"--server: {server} is not on this machine: --allow-remote says that it may be loaded, and that its network may");
        return server;
    }
}
