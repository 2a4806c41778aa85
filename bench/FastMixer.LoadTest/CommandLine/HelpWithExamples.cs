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
        parseResult.InvocationConfiguration.Output.WriteLine(HelpText.Of(Name(parseResult.CommandResult)));
        return result;
    }

    // Parts of a command are known by both names: "reports outage" is not "outage".
    private static string Name(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } parent ? $"{parent.Command.Name} {result.Command.Name}" : result.Command.Name;
}
