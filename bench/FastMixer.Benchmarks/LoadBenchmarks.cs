using BenchmarkDotNet.Attributes;
using FastMixer.Adapters;
using FastMixer.Policy.Config;

namespace FastMixer.Benchmarks;

/// <summary>A policy of 10,000 rules from text to snapshot. The claim: below 5 s.</summary>
[MemoryDiagnoser]
public class LoadBenchmarks
{
    private readonly ConfigSource _source = new("benchmark.yaml", MeshPolicy.Write(10_000));

    [Benchmark]
    public bool TenThousandRules() => ConfigLoader.Load([_source], BuiltInAdapters.Registry.Catalog).IsValid;
}
