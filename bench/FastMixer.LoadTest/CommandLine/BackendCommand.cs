using System.CommandLine;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand that is the backend of the experiments, for use by hand too.</summary>
internal static class BackendCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var listen = new Option<string>("--listen")
        {
            HelpName = "URI",
            DefaultValueFactory = static _ => BackendOptions.StandardAddress,
            Description = "Where to listen, tcp://host:port; port 0 picks one",
        };
        var delay = Arguments.DurationOption("--delay", "5ms", "How long an answer takes");
        var availability = Share("--availability", 1, "Which share of requests is answered well; the others get 503");
        var outage = new Option<string?>("--outage")
        {
            HelpName = "BEGIN+LENGTH,...",
            Description = "When it is down, counted from the first request, like 30s+30s [default: never]",
        };
        var manner = new Option<OutageManner>("--manner") { HelpName = "stall|reset|refuse", Description = "What it does while it is down" };
        var maxAge = Arguments.DurationOption("--max-age", "0s", "How long answers may be reused, as cache-control says it, in whole seconds");
        var seed = Arguments.Number("--seed", 1, "What failures are drawn by");
        var child = new Option<bool>("--child") { Hidden = true };
        var command = new Command(
            BackendServer.Command,
            $"The backend of the experiments: an authorizer over HTTP that allows everything, and fails as told. GET {BackendStatistics.Path} tells what it has counted, POST {BackendServer.RestartPath} makes it begin anew.")
        {
            listen, delay, availability, outage, manner, maxAge, seed, child,
        };
        command.SetAction(parsed =>
        {
            var address = ServerAddress.Parse(parsed.GetValue(listen)!, anyPort: true);
            Arguments.Require(address.Scheme is ServerScheme.Tcp, "--listen: the backend speaks HTTP over tcp only");
            var options = new BackendOptions
            {
                Listen = address,
                Delay = Arguments.Duration(parsed, delay, mayBeZero: true),
                Availability = ReadShare(parsed, availability),
                Outages = parsed.GetValue(outage) is { } schedule ? OutageSchedule.Parse(schedule) : OutageSchedule.None,
                Manner = parsed.GetValue(manner),
                MaxAge = ReadMaxAge(parsed, maxAge),
                Seed = Arguments.Number(parsed, seed, 0, int.MaxValue),
            };
            return BackendServer.Run(options, parsed.GetValue(child));
        });
        return command;
    }

    /// <summary>An option for a share; read it with <see cref="ReadShare"/>.</summary>
    public static Option<double> Share(string name, double standard, string description) =>
        new(name) { HelpName = "SHARE", Description = description, DefaultValueFactory = _ => standard };

    /// <summary>Reads a share.</summary>
    public static double ReadShare(ParseResult parsed, Option<double> option)
    {
        var share = parsed.GetValue(option);
        Arguments.Require(share is >= 0 and <= 1, $"{option.Name}: expected 0 to 1, like 0.999");
        return share;
    }

    /// <summary>Reads a duration that cache-control can tell.</summary>
    public static TimeSpan ReadMaxAge(ParseResult parsed, Option<string> option)
    {
        var time = Arguments.Duration(parsed, option, mayBeZero: true);
        Arguments.Require(time.Ticks % TimeSpan.TicksPerSecond == 0, $"{option.Name}: expected whole seconds");
        return time;
    }
}
