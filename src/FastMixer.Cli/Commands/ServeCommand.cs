using System.CommandLine;
using System.CommandLine.Parsing;
using FastMixer.Adapters;
using FastMixer.Cli.Serving;
using FastMixer.Policy.Language;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Configuration;
using FastMixer.Server.Hosting;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer serve</c>: runs a server.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan LeastWatch = TimeSpan.FromMilliseconds(10);

    private static readonly string[] DefaultAddresses =
        [$"tcp://127.0.0.1:{MixerAddress.DefaultPort}", $"udp://127.0.0.1:{MixerAddress.DefaultPort}"];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var config = new Option<string?>("--config")
        {
            Description = "The folder of the policy: every .yaml, .yml and .json file in it. Without it, a sample policy is served",
            HelpName = "DIR",
        };
        var watch = new Option<TimeSpan>("--watch")
        {
            Description = "How often the folder of the policy is looked at for changes, from 10ms; 0s for never. SIGHUP reloads it at once, always [default: 1s]",
            HelpName = "DURATION",
            CustomParser = result => ParseDuration(result, "--watch", LeastWatch),
        };
        var listen = new Option<MixerAddress[]>("--listen")
        {
            Description = "Where to listen: tcp://host:port, udp://host:port or unix:///path; port 0 is any free one. May be given often "
                + $"[default: {string.Join(" and ", DefaultAddresses)}]",
            HelpName = "URI",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = ParseAddresses,
        };
        var limits = new Option<string[]>("--limit")
        {
            Description = $"A limit of what clients may do, by name. May be given often. With their defaults: {LimitArguments.Help}",
            HelpName = "NAME=VALUE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        var drain = new Option<TimeSpan>("--drain")
        {
            Description = "How long clients may take to leave when the server is told to stop [default: 5s]",
            HelpName = "DURATION",
            CustomParser = result => ParseDuration(result, "--drain", TimeSpan.Zero),
        };
        var threads = new Option<int>("--io-threads")
        {
            Description = "Threads that poll the sockets and answer from memory [default: half of the cores]",
            HelpName = "N",
            DefaultValueFactory = _ => SocketThreads.Default,
        };
        threads.Validators.Add(result => RequireRange(result, 1, 1024));
        var cache = new CacheArguments();
        var reports = new ReportArguments();
        var overload = new OverloadArguments();
        var admin = new AdminArgument();
        var command = new ExampleCommand("serve", "Runs a server until it is told to stop (SIGTERM or Ctrl+C), and then drains it.")
        {
            HandlesSignals = true,
            Examples =
            [
                new("fastmixer serve", "A server with the sample policy, at TCP and UDP port 9191 of this machine"),
                new("fastmixer serve --config /etc/fastmixer --listen unix:///run/fastmixer.sock", "A policy of your own, watched for changes, at a Unix domain socket"),
                new("fastmixer serve --listen tcp://127.0.0.1:0", "At any free port; the address is printed"),
                new("fastmixer serve --cache 1GiB --cache-entries 4000000", "Room for more verdicts"),
                new("fastmixer serve --limit connections=20000 --limit idle-time=1m", "Other limits"),
            ],
            ExitCodes = ["told to stop, and drained", null, "not started: a wrong command line, policy or address"],
        };
        foreach (Option option in (ReadOnlySpan<Option>)[config, watch, listen, limits, drain, threads])
        {
            command.Add(option);
        }

        cache.AddTo(command);
        reports.AddTo(command);
        overload.AddTo(command);
        admin.AddTo(command);

        command.SetAction((parsed, cancellationToken) => Guard.RunAsync(parsed, async () =>
        {
            PolicyFolder? folder = parsed.GetValue(config) is { } path ? new PolicyFolder(path, BuiltInAdapters.Registry.Catalog) : null;
            PolicyLoad policy = PolicyFiles.Load(folder, parsed.InvocationConfiguration.Error);
            var watching = new WatchOptions();
            watching = parsed.GetResult(watch) is null ? watching : watching with { Interval = parsed.GetValue(watch) };
            var server = new MixerServerOptions
            {
                Listen = parsed.GetValue(listen) is { Length: > 0 } given ? given : [.. DefaultAddresses.Select(MixerAddress.Parse)],
                Limits = (parsed.GetValue(limits) ?? []).Aggregate(ProtocolLimits.Default, LimitArguments.Apply),
                Overload = overload.Read(parsed),
                PollingThreads = parsed.GetValue(threads),
                DrainTime = parsed.GetResult(drain) is null ? TimeSpan.FromSeconds(5) : parsed.GetValue(drain),
            };
            var options = new ServeOptions(policy, folder, watching, server, cache.Read(parsed), reports.Read(parsed), admin.Read(parsed));
            SocketThreads.RunInline(server.PollingThreads);
            await ServeRun.RunAsync(options, parsed.InvocationConfiguration.Output, cancellationToken);
            return ExitCode.Success;
        }));
        return command;
    }

    private static MixerAddress[] ParseAddresses(ArgumentResult result)
    {
        var addresses = new List<MixerAddress>();
        foreach (Token token in result.Tokens)
        {
            if (MixerAddress.TryParse(token.Value, out MixerAddress? address, out string? problem))
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"--listen: {problem}");
            }
        }

        return [.. addresses];
    }

    /// <summary>Refuses a number out of its range.</summary>
    /// <param name="result">What the command line says.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The greatest that is allowed.</param>
    internal static void RequireRange(OptionResult result, int least, int most)
    {
        if (result.Tokens.Count > 0 && (result.GetValueOrDefault<int>() is var number) && (number < least || number > most))
        {
            result.AddError($"{result.Option.Name}: expected a whole number from {least} to {most}");
        }
    }

    /// <summary>Reads a duration of at most an hour; zero is always allowed, and means not at all.</summary>
    /// <param name="result">What the command line says.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="least">The least duration beside zero.</param>
    internal static TimeSpan ParseDuration(ArgumentResult result, string option, TimeSpan least)
    {
        string text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out long nanoseconds)
            && (nanoseconds == 0 || nanoseconds >= least.TotalNanoseconds)
            && nanoseconds is >= 0 and <= 3_600_000_000_000)
        {
            return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        }

        string range = least == TimeSpan.Zero ? "from 0s to 1h" : $"0s, or from {least.TotalMilliseconds}ms to 1h";
        result.AddError($"{option}: expected a duration such as 5s, {range}; found '{text}'");
        return default;
    }
}
