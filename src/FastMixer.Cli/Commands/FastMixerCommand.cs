using System.CommandLine;
using System.CommandLine.Invocation;

namespace FastMixer.Cli.Commands;

/// <summary>The whole program: its commands, and how a command line becomes an exit code.</summary>
internal static class FastMixerCommand
{
    /// <summary>Makes the program.</summary>
    /// <param name="commands">Its commands, in the order of the help.</param>
    public static RootCommand Create(params IEnumerable<Command> commands)
    {
        var root = new RootCommand("FastMixer: policy verdicts and telemetry for service meshes, over one compact protocol.");
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        ExampleHelp.AddTo(root);
        return root;
    }

    /// <summary>Runs a command line. A wrong one ends with <see cref="ExitCode.Error"/>, never with the code of a denial.</summary>
    /// <param name="root">The program.</param>
    /// <param name="args">The command line.</param>
    /// <param name="invocation">Where output goes; the console by default.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? invocation = null)
    {
        // An argument that begins with @ is a value here, not the name of a file of arguments.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        invocation ??= new InvocationConfiguration();
        invocation.EnableDefaultExceptionHandler = false;
        if (parsed.CommandResult.Command is ExampleCommand { HandlesSignals: true })
        {
            invocation.ProcessTerminationTimeout = null;
        }

        if (parsed.Action is ParseErrorAction complaint)
        {
            // A page of help would hide what is wrong; who names no command at all needs it.
            complaint.ShowHelp = parsed.CommandResult.Command is RootCommand;
        }

        try
        {
            int code = await parsed.InvokeAsync(invocation);
            if (parsed.Errors.Count == 0)
            {
                return code;
            }

            await invocation.Error.WriteLineAsync($"Try: {CommandLineOf(parsed.CommandResult.Command)} --help");
            return ExitCode.Error;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A defect of this program: the exit code must still not be that of a denial.
            await invocation.Error.WriteLineAsync($"fastmixer: unexpected failure: {exception}");
            return ExitCode.Error;
        }
    }

    private static string CommandLineOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{CommandLineOf(parent)} {command.Name}"
        : "fastmixer";
}
