using System.Globalization;

namespace FastMixer.Benchmarks.Caching.Throughput;

/// <summary>
/// Compares the caches in rounds that alternate between them, by the processor time of the whole process, so that what else the machine does counts little and upkeep on other threads
/// counts: prints the median per operation and its ratio to the product's cache, for one thread and two, reads only and with writes, and the memory of an entry.
/// </summary>
internal static class ThroughputCommand
{
    private const int Operations = 500_000;
    private const int DefaultRounds = 7;

    private static readonly (int Threads, bool Writes)[] Shapes = [(1, false), (1, true), (2, false), (2, true)];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">How many rounds, or nothing.</param>
    /// <returns>The exit code: 2 if the argument is wrong.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        int rounds = DefaultRounds;
        if (arguments.Length > 1 || (arguments.Length == 1 && (!int.TryParse(arguments[0], out rounds) || rounds < 1)))
        {
            Console.Error.WriteLine("cache-throughput takes one argument at most: how many rounds, 1 or more.");
            return 2;
        }

        var workload = new CacheWorkload();
        (CacheWorker[] Workers, long Bytes)[] caches = [.. ComparedCaches.Names.Select(name => Start(name, workload))];
        var medians = new double[Shapes.Length][];
        for (int shape = 0; shape < Shapes.Length; shape++)
        {
            medians[shape] = Compare(caches, Shapes[shape].Threads, Shapes[shape].Writes, rounds);
        }

        Console.WriteLine("| | " + string.Join(" | ", Shapes.Select(Describe)) + " | bytes per entry beside key and value | misses |\n|---|---|---|---|---|---|---|");
        for (int i = 0; i < caches.Length; i++)
        {
            IEnumerable<string> times = medians.Select(median => $"{Text(median[i], "0")} ns, {Text(median[i] / median[0], "0.00")}");

            // The product's cache took its memory for all entries at once, the others for those that they have.
            long overhead = (caches[i].Bytes / (i == 0 ? CacheWorkload.Entries : CacheWorkload.Keys)) - CacheWorkload.KeyBytes - CacheWorkload.ValueBytes;
            Console.WriteLine($"| {ComparedCaches.Names[i]} | {string.Join(" | ", times)} | {overhead} | {caches[i].Workers.Sum(worker => worker.Missed)} |");
        }

        return 0;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Describe((int Threads, bool Writes) shape) =>
        $"{shape.Threads} thread{(shape.Threads == 1 ? "" : "s")}, {(shape.Writes ? "90/10" : "reads")}";

    private static (CacheWorker[] Workers, long Bytes) Start(string name, CacheWorkload workload)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Func<ComparedCache> create = ComparedCaches.Create(name);
        CacheWorker[] workers = [new(workload, create(), 0), new(workload, create(), CacheWorkload.Keys)];
        workers[0].Fill();
        return (workers, GC.GetTotalMemory(forceFullCollection: true) - before + ValueBytesShared(name));
    }

    // The peers are given one array for all values: what each would take is added.
    private static long ValueBytesShared(string name) => name == ComparedCaches.Names[0] ? 0 : (long)CacheWorkload.Keys * CacheWorkload.ValueBytes;

    private static double[] Compare((CacheWorker[] Workers, long Bytes)[] caches, int threads, bool writes, int count)
    {
        var times = new double[caches.Length][];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = new double[count];
        }

        for (int round = -1; round < count; round++)
        {
            for (int i = 0; i < caches.Length; i++)
            {
                double time = Measure(caches[i].Workers[..threads], writes);
                times[i][Math.Max(round, 0)] = time;
            }
        }

        return [.. times.Select(rounds => rounds.Order().ElementAt(count / 2))];
    }

    // The processor time of an operation.
    private static double Measure(CacheWorker[] workers, bool writes)
    {
        using var start = new Barrier(workers.Length + 1);
        Thread[] threads = [.. workers.Select(worker => new Thread(() =>
        {
            start.SignalAndWait();
            worker.Run(Operations, writes);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        start.SignalAndWait();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Array.ForEach(threads, thread => thread.Join());
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Operations / workers.Length;
    }
}
