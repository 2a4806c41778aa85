using System.Globalization;

namespace FastMixer.Benchmarks.Caching.HitRatios;

/// <summary>Prints how often caches of some sizes find what traces ask for, as a table.</summary>
internal static class HitRatioCommand
{
    private static readonly int[] Sizes = [300, 600, 1200, 3000];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The folder of the traces.</param>
    /// <returns>The exit code: 2 if there is no such folder or it has no traces.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length != 1 || !Directory.Exists(arguments[0]) || Trace.ReadAll(arguments[0]) is not [_, ..] traces)
        {
            Console.Error.WriteLine("hit-ratio takes one argument: a folder with traces, files named *.trace.gz that have a number a line.");
            return 2;
        }

        Console.WriteLine("| trace | entries | LRU | ConcurrentLfu | StripedCache | optimum |\n|---|---|---|---|---|---|");
        var sums = new double[4];
        foreach (Trace trace in traces)
        {
            foreach (int entries in Sizes)
            {
                double[] ratios =
                [
                    Measure(new TracedLru(entries), trace), Measure(new TracedConcurrentLfu(entries), trace),
                    Measure(new TracedStripedCache(entries), trace), Measure(new TracedOptimum(entries, trace), trace),
                ];
                Print(trace.Name, entries.ToString("N0", CultureInfo.InvariantCulture), ratios);
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += ratios[i] / (traces.Length * Sizes.Length);
                }
            }
        }

        Print("average", "", sums);
        return 0;
    }

    private static void Print(string trace, string entries, double[] ratios) =>
        Console.WriteLine($"| {trace} | {entries} | {string.Join(" | ", ratios.Select(ratio => ratio.ToString("0.0", CultureInfo.InvariantCulture)))} |");

    private static double Measure(ITracedCache cache, Trace trace) => 100.0 * trace.Keys.Count(cache.Access) / trace.Keys.Length;
}
