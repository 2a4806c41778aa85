using BenchmarkDotNet.Attributes;
using FastMixer.Engine;
using FastMixer.Engine.Checks;

namespace FastMixer.Benchmarks;

/// <summary>
/// What a check costs that no cache has answered, by the number of rules: decoded attributes in, combined answer out. The claim: at 10,000 rules
/// at most 1.5 times what it costs at 10, and nothing allocated.
/// </summary>
[MemoryDiagnoser]
public class RuleCountBenchmarks
{
    private readonly byte[] _message = SampleCheck.Encode();
    private MixerEngine _few = null!;
    private MixerEngine _many = null!;
    private CheckCall _callOfFew = null!;
    private CheckCall _callOfMany = null!;

    /// <summary>How many rules are compared with ten.</summary>
    [Params(10, 100, 1_000, 10_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_few, _callOfFew) = Start(10);
        (_many, _callOfMany) = Start(Rules);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _few.DisposeAsync();
        await _many.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public bool TenRules() => Answer(_few, _callOfFew);

    [Benchmark]
    public bool ManyRules() => Answer(_many, _callOfMany);

    private static bool Answer(MixerEngine engine, CheckCall call)
    {
        ValueTask answered = engine.CheckAsync(call);
        return answered.IsCompletedSuccessfully;
    }

    private (MixerEngine Engine, CheckCall Call) Start(int rules)
    {
        MixerEngine engine = SampleCheck.StartEngine(MeshPolicy.Write(rules));
        CheckCall call = engine.Calls.Get();
        SampleCheck.Decode(call, engine, _message);
        return (engine, call);
    }
}
