using System.CommandLine;
using System.CommandLine.Help;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

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

    private readonly Option<int> _connections = Number("--connections", 1, "Connections, each with a thread of its own");

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

    private readonly Option<string> _duration = Duration("--duration", "10s", "How long a round measures");
    private readonly Option<string> _warmup = Duration("--warmup", "2s", "How long a round runs before it measures");
    private readonly Option<string> _timeout = Duration("--timeout", "2s", "How long to wait for an answer");

    private readonly Option<int> _keys = Number("--keys", 1, "Vary request.path evenly over N values");

    private readonly Option<string?> _attributes = new("--attributes")
    {
        HelpName = "JSON|FILE",
        Description = "The attributes of a check, a JSON object or a file with one [default: 12 attributes of an HTTP request]",
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
            _server, _start, _transport, _connections, _depth, _rate, _duration, _warmup, _timeout, _keys, _attributes, _floor, _rounds,
            _pin, _serverPid, _output, FloorCommand.Create(),
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
        if (options.Json)
        {
            using var output = Console.OpenStandardOutput();
            JsonReport.Write(output, report);
        }
        else
        {
            TextReport.Write(Console.Out, report);
        }

        var total = report.Total;
        return total.Errors + total.Lost + total.Unsent == 0 ? ExitCode.Clean : ExitCode.WithErrors;
    }

    private LoadOptions Bind(ParseResult parsed)
    {
        var server = parsed.GetValue(_server);
        var start = parsed.GetValue(_start);
        var floor = parsed.GetValue(_floor);
        var pid = parsed.GetValue(_serverPid);
        Require(server is not null || start is not null, "no server to measure: give --server URI or --start COMMAND (see --help)");
        Require(pid is null || start is null, "--server-pid is for a server that runs already, not for one of --start");
        Require(parsed.GetValue(_output) is "text" or "json", "--output: expected text or json");
        Require(parsed.GetValue(_connections) is >= 1 and <= 10_000, "--connections: expected 1 to 10000");
        Require(parsed.GetValue(_keys) is >= 1 and <= CheckTemplate.MaxKeys, $"--keys: expected 1 to {CheckTemplate.MaxKeys}");
        Require(parsed.GetValue(_depth) is null or (>= 1 and <= 65_536), "--depth: expected 1 to 65536");
        Require(parsed.GetValue(_rate) is null or (> 0 and <= 1e8), "--rate: expected more than 0 requests a second");
        Require(parsed.GetValue(_rounds) is null or (>= 1 and <= 1000), "--rounds: expected 1 to 1000");
        return new LoadOptions
        {
            Server = server is null ? null : ServerAddress.Parse(server),
            StartCommand = start is null ? [] : CommandText.Split(start),
            Transport = ServerAddress.ParseScheme(parsed.GetValue(_transport)!),
            Connections = parsed.GetValue(_connections),
            Depth = parsed.GetValue(_depth),
            Rate = parsed.GetValue(_rate),
            Duration = ReadDuration(parsed, _duration, mayBeZero: false),
            Warmup = ReadDuration(parsed, _warmup, mayBeZero: true),
            Timeout = ReadDuration(parsed, _timeout, mayBeZero: false),
            Keys = parsed.GetValue(_keys),
            Attributes = ReadAttributes(parsed.GetValue(_attributes)),
            Floor = floor,
            Rounds = parsed.GetValue(_rounds) ?? (floor ? 5 : 1),
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

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new LoadTestException(message);
        }
    }

    private static Option<int> Number(string name, int standard, string description) =>
        new(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };

    private static Option<string> Duration(string name, string standard, string description) =>
        new(name) { HelpName = "TIME", Description = description, DefaultValueFactory = _ => standard };

    private static TimeSpan ReadDuration(ParseResult parsed, Option<string> option, bool mayBeZero)
    {
        var text = parsed.GetValue(option);
        return DurationText.TryParse(text, out var duration) && (mayBeZero || duration > TimeSpan.Zero)
            ? duration
            : throw new LoadTestException(
                $"{option.Name}: '{text}' is no duration: expected a number{(mayBeZero ? "" : " above 0")} and us, ms, s, m or h, like 500ms or 10s");
    }
}
