using System.CommandLine;
using FastMixer.Cli.Commands;

namespace FastMixer.Cli.Tests.Support;

/// <summary>What a run of the program gave.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> OfAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        RootCommand root = FastMixerCommand.Create(CheckCommand.Create(), ReportCommand.Create(), ReplayCommand.Create(), EvalCommand.Create(), ConfigCommand.Create());
        int code = await FastMixerCommand.RunAsync(root, args, new InvocationConfiguration { Output = output, Error = error });
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
