using System.CommandLine;
using FastMixer.Cli.Output;
using FastMixer.Client;
using FastMixer.Protocol.Wire;

namespace FastMixer.Cli.Commands;

/// <summary>Runs what a command does, and turns what goes wrong into a line on standard error and exit code 2.</summary>
internal static class Guard
{
    /// <summary>Runs the body of a command.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="body">What the command does; its result is the exit code.</param>
    public static async Task<int> RunAsync(ParseResult parsed, Func<Task<int>> body)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            return await body();
        }
        catch (InputException exception)
        {
            Write(error, exception.Message);
        }
        catch (MixerErrorException exception)
        {
            Write(error, $"the server answered error {exception.Code.Name()}: {exception.Message}");
        }
        catch (MixerException exception)
        {
            Write(error, exception.Message);
        }
        catch (OperationCanceledException)
        {
            Write(error, "interrupted before there was an answer");
        }

        return ExitCode.Error;
    }

    private static void Write(TextWriter error, string message)
    {
        foreach (string line in message.Split('\n'))
        {
            error.WriteLine($"fastmixer: {Printable.Line(line)}");
        }
    }
}
