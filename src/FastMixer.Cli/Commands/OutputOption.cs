using System.CommandLine;
using FastMixer.Cli.Output;

namespace FastMixer.Cli.Commands;

/// <summary>The option <c>--output text|json</c>.</summary>
internal sealed class OutputOption
{
    private readonly Option<string> _output = new("--output")
    {
        Description = "How to print: text for people, json for programs",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _output.AcceptOnlyFromAmong("text", "json");
        command.Add(_output);
    }

    /// <summary>How to print.</summary>
    /// <param name="parsed">The command line.</param>
    public OutputFormat Read(ParseResult parsed) => parsed.GetValue(_output) == "json" ? OutputFormat.Json : OutputFormat.Text;
}
