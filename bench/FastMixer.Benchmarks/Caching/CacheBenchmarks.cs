using BenchmarkDotNet.Attributes;
using FastMixer.Benchmarks.Caching.Throughput;

namespace FastMixer.Benchmarks.Caching;

/// <summary>
/// One operation of one thread on a cache of a million entries, the writing and hashing of the key included. The claim: a look-up takes no longer than that of the
/// fastest of the others, and allocates nothing. The command <c>cache-throughput</c> compares two threads as well, in rounds that alternate.
/// </summary>
[MemoryDiagnoser]
public class CacheBenchmarks
{
    private const int Operations = 10_000;

    private CacheWorker _worker = null!;

    /// <summary>The caches.</summary>
    public static IEnumerable<string> Names => ComparedCaches.Names;

    /// <summary>Which cache.</summary>
    [ParamsSource(nameof(Names))]
    public string Cache { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _worker = new CacheWorker(new CacheWorkload(), ComparedCaches.Create(Cache)(), 0);
        _worker.Fill();
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int Read() => _worker.Run(Operations, writes: false);

    [Benchmark(OperationsPerInvoke = Operations)]
    public int ReadAndWrite() => _worker.Run(Operations, writes: true);
}
