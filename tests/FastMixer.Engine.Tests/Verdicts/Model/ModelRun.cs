using System.Text;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Tests.Support;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Verdicts.Model;

/// <summary>
/// One random policy, with an engine that keeps verdicts and one that does not, the same requests for both, time that passes and policies that change. Each
/// verdict of the first must be one that the second gives under the policy in force in some mood that has been, whose time is not over, for no longer than what
/// is left of it.
/// </summary>
internal sealed class ModelRun : IAsyncDisposable
{
    private const int MoodMilliseconds = 100;

    // As long as the longest life, the default one, which a mood has a part in where a rule whose handler fails is ignored.
    private const int MoodsBack = 60_000 / MoodMilliseconds;

    private readonly Random _random;
    private readonly FakeTimeProvider _time = new();
    private readonly DateTimeOffset _start;
    private readonly RandomPolicy _policy;
    private readonly byte[][] _requests;
    private readonly byte[] _bytes = new byte[64 * 1024];
    private readonly MoodyAdapter _adapter = new();
    private readonly AdapterRegistry _adapters;
    private readonly MixerEngine _kept;
    private readonly MixerEngine _fresh;
    private readonly CheckCall _keptCall;
    private readonly CheckCall _freshCall;

    public ModelRun(int seed)
    {
        _random = new Random(seed);
        _start = _time.GetUtcNow();
        _policy = new RandomPolicy(_random);
        _adapters = new AdapterRegistry([_adapter]);
        _requests = [.. Enumerable.Range(0, _random.Next(4, 80)).Select(_ => RandomRequest.Encode(_random))];
        Snapshot policy = Load();
        _kept = Start(policy, new VerdictCacheOptions
        {
            Bytes = 1 << 20,
            Entries = Choose(16, 256, 4096),
            Sets = Choose(2, 12, 1024),
            HashMask = _random.Next(3) switch { 0 => 0, 1 => 3ul << 32, _ => ulong.MaxValue },
        });
        _fresh = Start(policy, null);
        _keptCall = _kept.Calls.Get();
        _freshCall = _fresh.Calls.Get();
    }

    /// <summary>What came of it.</summary>
    public VerdictCacheStatistics Statistics => _kept.VerdictStatistics!;

    private int Mood => (int)((_time.GetUtcNow() - _start).TotalMilliseconds / MoodMilliseconds);

    /// <summary>Checks so many times.</summary>
    public void Run(int checks)
    {
        for (int i = 0; i < checks; i++)
        {
            PassTime();
            if (_random.Next(400) == 0)
            {
                ChangePolicy();
            }

            Check(_requests[Math.Min(_random.Next(_requests.Length), _random.Next(_requests.Length))]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _kept.Calls.Return(_keptCall);
        _fresh.Calls.Return(_freshCall);
        await _kept.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    private int Choose(params int[] choices) => choices[_random.Next(choices.Length)];

    private MixerEngine Start(Snapshot policy, VerdictCacheOptions? verdicts) =>
        new(LiveSnapshot.Start(policy, _adapters, new HandlerServices(_time, Stream.Null, Stream.Null)), verdicts: verdicts);

    private Snapshot Load() => TestEngine.Load(_policy.ToString(), _adapters);

    private void PassTime()
    {
        switch (_random.Next(200))
        {
            case 0:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1500)));
                break;
            case < 8:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 20)));
                break;
        }
    }

    private void ChangePolicy()
    {
        _policy.Change();
        Snapshot policy = Load();
        _kept.Replace(policy);
        _fresh.Replace(policy);
    }

    private void Check(byte[] request)
    {
        Given kept = Ask(_kept, _keptCall, request, Mood);
        if (!MoodsThatHaveBeen.Any(mood => WouldGive(mood, request, kept)))
        {
            IEnumerable<string> given = MoodsThatHaveBeen.Select(mood => $"mood {mood}: {Ask(_fresh, _freshCall, request, mood)}");
            Assert.Fail($"{_policy}\nat {(_time.GetUtcNow() - _start).TotalMilliseconds} ms was given {kept}\nevaluation gives\n{string.Join('\n', given)}");
        }
    }

    private IEnumerable<int> MoodsThatHaveBeen => Enumerable.Range(0, Math.Min(Mood, MoodsBack) + 1).Select(back => Mood - back);

    private bool WouldGive(int mood, byte[] request, Given kept)
    {
        Given fresh = Ask(_fresh, _freshCall, request, mood);
        return fresh.IsSameAs(kept)
            && CouldBeKept(mood, kept, fresh)
            && (_policy.ComputesKeys ? kept.HoldsFor(_freshCall.Request.Attributes) : kept.DependsOnSameAs(fresh));
    }

    // Whether what was given in some mood, at the end of it at the latest, may still be used so long and so often.
    private bool CouldBeKept(int mood, Given kept, Given fresh)
    {
        double now = (_time.GetUtcNow() - _start).TotalMilliseconds;
        double last = Math.Min(now, ((mood + 1) * MoodMilliseconds) - 1);
        bool isFresh = mood == Mood && kept.Life == fresh.Life && kept.Uses == fresh.Uses;
        return isFresh || kept.IsCharged
            ? now - last < fresh.LifeOfPrecondition || isFresh
            : now - last < fresh.Life && now + kept.Life <= last + fresh.Life && (uint)kept.Uses <= (uint)fresh.Uses && fresh.Uses != 0;
    }

    private Given Ask(MixerEngine engine, CheckCall call, byte[] request, int mood)
    {
        _adapter.Mood = mood;
        call.Begin(engine);
        WireReader reader = call.Load(request, inherited: null);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(call.Request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false));
        ValueTask answered = engine.CheckAsync(call);
        Assert.True(answered.IsCompletedSuccessfully);
        if (call.Failure is { } failure)
        {
            return new Given(failure, null);
        }

        var writer = new WireWriter(_bytes, framed: false);
        call.WriteVerdict(ref writer, 1, WordList.Version1Count, VerdictParts.All);
        Assert.True(writer.TryComplete(out int length));
        var answer = new WireReader(_bytes.AsSpan(0, length));
        Assert.True(MessageHeader.TryRead(ref answer, out header));
        Assert.True(Verdict.TryRead(ref answer, header, WordList.Version1Count, out Verdict? verdict), answer.Fault.ToString());
        return new Given(null, verdict);
    }
}

/// <summary>What a check was answered with.</summary>
/// <param name="Failure">Why there is no verdict, or null.</param>
/// <param name="Verdict">The verdict.</param>
internal sealed record Given(string? Failure, Verdict? Verdict)
{
    /// <summary>How long it may be reused, in milliseconds.</summary>
    public double Life => Verdict?.ValidDuration.TotalMilliseconds ?? 0;

    /// <summary>How often it may be reused.</summary>
    public int Uses => Verdict?.ValidUseCount ?? 0;

    /// <summary>Whether quotas were charged that the check did not name, so that what is told of reuse is not the precondition's.</summary>
    public bool IsCharged => Verdict is { ValidDuration.Ticks: 0, ValidUseCount: 0 };

    /// <summary>An upper bound of how long the precondition may be reused, in milliseconds.</summary>
    public double LifeOfPrecondition => IsCharged ? 60_000 : Life;

    /// <summary>Whether it says the same, but for how long and how often.</summary>
    public bool IsSameAs(Given other)
    {
        if (Failure is not null || other.Failure is not null)
        {
            return Failure == other.Failure;
        }

        Verdict left = Verdict!;
        Verdict right = other.Verdict!;
        return left.Status == right.Status
            && left.Message == right.Message
            && left.Directive.Response == right.Directive.Response
            && left.Directive.RequestHeaders.SequenceEqual(right.Directive.RequestHeaders)
            && left.Directive.ResponseHeaders.SequenceEqual(right.Directive.ResponseHeaders)
            && left.Quotas.Select(quota => quota with { Referenced = null }).SequenceEqual(right.Quotas.Select(quota => quota with { Referenced = null }));
    }

    /// <summary>Whether it has the same references.</summary>
    public bool DependsOnSameAs(Given other) => Verdict is null
        || (AreSame(Verdict.Referenced, other.Verdict!.Referenced)
            && Verdict.Quotas.Zip(other.Verdict.Quotas).All(pair => AreSame(pair.First.Referenced!, pair.Second.Referenced!))
            && Verdict.Quotas.All(quota => quota.Referenced!.All(Verdict.Referenced.Contains)));

    /// <summary>Whether what its references say was present and absent is so in a request, as far as its policy reads that.</summary>
    public bool HoldsFor(AttributeBag bag) => Verdict is null || Verdict.Referenced.All(reference =>
        bag.Selection.Vocabulary.TryGetSlot(reference.Name, out int slot)
        && (reference.Key is null ? bag.Contains(slot) : bag.Contains(slot) && bag.TryGetMapValue(slot, Encoding.UTF8.GetBytes(reference.Key), out _)) == reference.Present);

    private static bool AreSame(IReadOnlyList<ReferencedAttribute> left, IReadOnlyList<ReferencedAttribute> right) =>
        left.Count == right.Count && left.All(right.Contains);

    public override string ToString() => Failure ?? $"{Verdict!.Status} \"{Verdict.Message}\" {Life} ms {Uses} uses, quotas [{string.Join(", ", Verdict.Quotas)}], by "
        + string.Join(", ", Verdict.Referenced.Select(reference => $"{(reference.Present ? "" : "no ")}{reference.Name}{(reference.Key is null ? "" : $"[{reference.Key}]")}"));
}
