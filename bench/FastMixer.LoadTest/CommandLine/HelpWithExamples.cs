using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The help of a command's options, and below it how to use the command and read what it reports.</summary>
internal sealed class HelpWithExamples(HelpAction options) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = options.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(HelpText.Of(parseResult.CommandResult.Command.Name));
        return result;
    }
}
