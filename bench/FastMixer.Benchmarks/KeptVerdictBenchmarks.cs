using BenchmarkDotNet.Attributes;
using FastMixer.Engine;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Verdicts;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Benchmarks;

/// <summary>
/// What a check costs between the sockets whose verdict is kept, beside one that rules and handlers answer from memory: the same twelve attributes, the
/// verdict depends on five. Neither allocates; the first costs the same however many rules there are, or however slow what they ask.
/// </summary>
[MemoryDiagnoser]
public class KeptVerdictBenchmarks
{
    private readonly byte[] _message = SampleCheck.Encode();
    private readonly byte[] _answer = new byte[512];
    private MixerEngine _keeping = null!;
    private MixerEngine _evaluating = null!;
    private CheckCall _keptCall = null!;
    private CheckCall _evaluatedCall = null!;

    /// <summary>How many rules there are.</summary>
    [Params(10, 1000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _keeping = SampleCheck.StartEngine(Rules, new VerdictCacheOptions());
        _evaluating = SampleCheck.StartEngine(Rules);
        _keptCall = _keeping.Calls.Get();
        _evaluatedCall = _evaluating.Calls.Get();
        Kept();
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _keeping.DisposeAsync();
        await _evaluating.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public int Evaluated() => Check(_evaluating, _evaluatedCall);

    [Benchmark]
    public int Kept() => Check(_keeping, _keptCall);

    private int Check(MixerEngine engine, CheckCall call)
    {
        SampleCheck.Decode(call, engine, _message);
        ValueTask answered = engine.CheckAsync(call);
        if (!answered.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The sample is answered from memory.");
        }

        var writer = new WireWriter(_answer, framed: true);
        call.WriteVerdict(ref writer, 1, WordList.Version1Count, VerdictParts.All);
        writer.TryComplete(out int written);
        return written;
    }
}
