using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FastMixer.Cli.Commands;

/// <summary>The usual help, and behind it what an <see cref="ExampleCommand"/> teaches.</summary>
/// <param name="usual">The help that the library prints.</param>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts examples into the help of a program.</summary>
    /// <param name="root">The program.</param>
    public static void AddTo(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction usual)
            {
                option.Action = new ExampleHelp(usual);
            }
        }
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (Example example in command.Examples)
            {
                output.WriteLine($"  {example.Line}");
                output.WriteLine($"      {example.Meaning}");
            }

            output.WriteLine();
            output.WriteLine("Exit codes:");
            for (int i = 0; i < command.ExitCodes.Count; i++)
            {
                if (command.ExitCodes[i] is { } meaning)
                {
                    output.WriteLine($"  {i}  {meaning}");
                }
            }

            output.WriteLine();
        }

        return code;
    }
}
