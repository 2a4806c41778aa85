using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The help of a command's options, and below it how to use the command and read what it reports.</summary>
internal sealed class HelpWithExamples(HelpAction options) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = options.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(HelpText.Of(CommandOf(parseResult.CommandResult)));
        return result;
    }

    // The parts of a command share its text: "reports outage" is one of reports, and not "outage".
    private static string CommandOf(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } whole ? CommandOf(whole) : result.Command.Name;
}
