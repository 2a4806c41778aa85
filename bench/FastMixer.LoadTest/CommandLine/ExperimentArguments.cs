using System.CommandLine;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The options that all experiments have, with the defaults of one of them.</summary>
internal sealed class ExperimentArguments
{
    private readonly Option<string?> _fastMixer = new("--fastmixer")
    {
        HelpName = "FILE",
        Description = "The server's executable [default: the one beside this, or of the same build, or of the PATH]",
    };

    private readonly Option<string?> _policies = new("--policies")
    {
        HelpName = "DIR",
        Description = "The folder with the policies of the experiments [default: the one beside this]",
    };

    private readonly Option<string?> _pin = new("--pin")
    {
        HelpName = "SERVER,CLIENT[,BACKEND]",
        Description = "The CPU of each side, or none to leave that to the system [default: each its own, the backend on the client's if there are two]",
    };

    private readonly Option<string> _output = new("--output")
    {
        HelpName = "text|json",
        DefaultValueFactory = static _ => "text",
        Description = "The form of the report",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_fastMixer);
        command.Add(_policies);
        command.Add(_pin);
        command.Add(_output);
    }

    /// <summary>Reads them; binds this process to its CPU.</summary>
    public ExperimentSetup Read(ParseResult parsed, RoundSettings load)
    {
        Arguments.Require(parsed.GetValue(_output) is "text" or "json", "--output: expected text or json");
        _ = MachineLoad.AtStart; // Before this tool makes a load of its own.
        var pin = ReadPin(parsed.GetValue(_pin));
        pin?.Apply();
        return new ExperimentSetup
        {
            FastMixer = parsed.GetValue(_fastMixer),
            Policies = parsed.GetValue(_policies),
            Pin = pin,
            Load = load,
            Json = parsed.GetValue(_output) is "json",
        };
    }

    private static Placement? ReadPin(string? text) => text switch
    {
        "none" => null,
        not null => Placement.Parse(text),
        null => CpuList.Allowed(Environment.ProcessId) is { } allowed ? Placement.Apart(CpuList.Parse(allowed)) : null,
    };
}
