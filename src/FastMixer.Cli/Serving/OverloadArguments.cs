using System.CommandLine;
using FastMixer.Cli.Commands;
using FastMixer.Server.Overload;

namespace FastMixer.Cli.Serving;

/// <summary>The options that say when a server sheds load.</summary>
internal sealed class OverloadArguments
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Option<TimeSpan> _target = new("--overload-target")
    {
        Description = "How long requests may wait for their turn while the server is overloaded, from 1ms; what waits longer is refused. 0s to refuse nothing [default: 20ms]",
        HelpName = "DURATION",
        CustomParser = result => ServeCommand.ParseDuration(result, "--overload-target", Least),
    };

    private readonly Option<TimeSpan> _interval = new("--overload-interval")
    {
        Description = "How long requests must have waited that long without a break before any is refused, from 1ms; shorter bursts pass [default: 200ms]",
        HelpName = "DURATION",
        CustomParser = result => ServeCommand.ParseDuration(result, "--overload-interval", Least),
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_target);
        command.Add(_interval);
    }

    /// <summary>What the command line says.</summary>
    /// <exception cref="InputException">The interval is 0, or below the target.</exception>
    public OverloadOptions Read(ParseResult parsed)
    {
        var options = new OverloadOptions();
        options = parsed.GetResult(_target) is null ? options : options with { Target = parsed.GetValue(_target) };
        options = parsed.GetResult(_interval) is null ? options : options with { Interval = parsed.GetValue(_interval) };
        return options.Interval >= options.Target && options.Interval > TimeSpan.Zero
            ? options
            : throw new InputException(
                $"--overload-interval: expected at least the target of {options.Target.TotalMilliseconds}ms, found {options.Interval.TotalMilliseconds}ms");
    }
}
