using BenchmarkDotNet.Attributes;
using FastMixer.Engine;
using FastMixer.Engine.Checks;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Benchmarks;

/// <summary>
/// What a check costs between the sockets: decode twelve attributes, evaluate ten rules, encode the verdict, each alone and all together. Each
/// allocates nothing.
/// </summary>
[MemoryDiagnoser]
public class CheckBenchmarks
{
    private readonly byte[] _message = SampleCheck.Encode();
    private readonly byte[] _answer = new byte[512];
    private MixerEngine _engine = null!;
    private CheckCall _call = null!;

    [GlobalSetup]
    public void Setup()
    {
        _engine = SampleCheck.StartEngine(rules: 10);
        _call = _engine.Calls.Get();
        Whole();
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _engine.DisposeAsync();

    [Benchmark]
    public void Decode() => SampleCheck.Decode(_call, _engine, _message);

    [Benchmark]
    public bool Evaluate()
    {
        ValueTask answered = _engine.CheckAsync(_call);
        return answered.IsCompletedSuccessfully;
    }

    [Benchmark]
    public int Encode()
    {
        var writer = new WireWriter(_answer, framed: true);
        _call.WriteVerdict(ref writer, 1, WordList.Version1Count, VerdictParts.All);
        writer.TryComplete(out int written);
        return written;
    }

    [Benchmark(Baseline = true)]
    public int Whole()
    {
        Decode();
        Evaluate();
        return Encode();
    }
}
