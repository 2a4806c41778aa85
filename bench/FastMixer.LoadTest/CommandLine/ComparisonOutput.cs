using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>Reports of comparisons, as they come about.</summary>
internal static class ComparisonOutput
{
    /// <summary>Writes results: text one by one, JSON when all are there.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(ExperimentSetup setup, IEnumerable<ExperimentResult> results)
    {
        var all = new List<ExperimentResult>();
        foreach (var result in results)
        {
            all.Add(result);
            if (!setup.Json)
            {
                ComparisonText.Write(Console.Out, result);
            }
        }

        if (setup.Json)
        {
            using var output = Console.OpenStandardOutput();
            ComparisonJson.Write(output, all);
        }

        return all.TrueForAll(static result => result.Failures == 0) ? ExitCode.Clean : ExitCode.WithErrors;
    }
}
