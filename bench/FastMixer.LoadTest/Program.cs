using System.CommandLine;
using FastMixer.LoadTest.Backend;
using FastMixer.LoadTest.CommandLine;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest;

/// <summary>The entry point.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is [FloorServer.Command or BackendServer.Command, ..])
        {
            FloorServer.PrepareProcess();
        }

        try
        {
            return Execute(args);
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

    /// <summary>Does what a command line asks for; returns the exit code.</summary>
    /// <exception cref="LoadTestException">It can't be done; the message says why.</exception>
    /// <exception cref="OperationCanceledException">A signal has ended it.</exception>
    internal static int Execute(string[] args)
    {
        var parsed = new LoadCommand().Create().Parse(args);
        return parsed.Errors is [var error, ..]
            ? throw new LoadTestException(error.Message.ReplaceLineEndings(" "))
            : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
