using FastMixer.LoadTest.Experiments;

namespace FastMixer.LoadTest.Processes;

/// <summary>Starts the server that is measured.</summary>
internal static class FastMixerProcess
{
    private const string Executable = "fastmixer";

    /// <summary>Starts a server on a free port of the loopback, with one of the policies of the experiments.</summary>
    /// <param name="setup">Where it is found, and where it runs.</param>
    /// <param name="policy">The name of the policy's folder.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static ChildServer Start(ExperimentSetup setup, string policy, CancellationToken cancellation) =>
        Start(setup, policy, ["--listen", "tcp://127.0.0.1:0"], cancellation);

    /// <summary>Starts a server with one of the policies of the experiments.</summary>
    /// <param name="setup">Where it is found, and where it runs.</param>
    /// <param name="policy">The name of the policy's folder.</param>
    /// <param name="options">Further options of its command line.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static ChildServer Start(ExperimentSetup setup, string policy, IReadOnlyList<string> options, CancellationToken cancellation)
    {
        var folder = Path.Combine(setup.Policies ?? Path.Combine(AppContext.BaseDirectory, "policies"), policy);
        if (!Directory.Exists(folder))
        {
            throw new LoadTestException($"there is no policy {folder}: --policies names the folder with those of the experiments");
        }

        return ChildServer.Start(
            "fastmixer",
            [setup.FastMixer ?? Find(), "serve", "--config", folder, .. options],
            setup.Pin?.ServerCpu,
            cancellation);
    }

    /// <summary>The executable beside this one, or of the same build in the repository that this one was built in, or of the PATH.</summary>
    private static string Find()
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var beside = Path.Combine(here, Executable);
        if (File.Exists(beside))
        {
            return beside;
        }

        // bench/FastMixer.LoadTest/bin/CONFIGURATION/FRAMEWORK
        var framework = Path.GetFileName(here);
        var configuration = Path.GetFileName(Path.GetDirectoryName(here)) ?? "";
        var built = Path.GetFullPath(Path.Combine(here, "../../../../../src/FastMixer.Cli/bin", configuration, framework, Executable));
        return File.Exists(built) ? built : Executable;
    }
}
