using System.CommandLine;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest;

/// <summary>The entry point.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is [FloorServer.Command, ..])
        {
            FloorServer.PrepareProcess();
        }

        try
        {
            var parsed = new LoadCommand().Create().Parse(args);
            return parsed.Errors is [var error, ..]
                ? throw new LoadTestException(error.Message.ReplaceLineEndings(" "))
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (LoadTestException e)
        {
            Console.Error.WriteLine($"fastmixer-loadtest: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("fastmixer-loadtest: interrupted");
            return ExitCode.Interrupted;
        }
    }
}
