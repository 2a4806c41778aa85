using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Tests.Quotas;

/// <summary>A quota of a server: how much of an amount it grants, and for how long.</summary>
internal interface IServerQuota
{
    /// <summary>Takes, or gives back an amount below 0.</summary>
    (long Granted, TimeSpan ValidDuration) Allocate(long amount, bool bestEffort, TimeSpan now);
}

/// <summary>So much in each window of time, whose ends are fixed; what is granted is good until the window's end.</summary>
internal sealed class FixedWindowQuota(long limit, TimeSpan window) : IServerQuota
{
    private long _number = -1;
    private long _used;

    public (long Granted, TimeSpan ValidDuration) Allocate(long amount, bool bestEffort, TimeSpan now)
    {
        long number = now.Ticks / window.Ticks;
        if (number != _number)
        {
            _number = number;
            _used = 0;
        }

        long granted = amount <= limit - _used ? amount : bestEffort ? limit - _used : 0;
        _used += granted;
        return (granted, ((number + 1) * window) - now);
    }
}

/// <summary>So much at once, and so much more each second; what is granted is good for a second.</summary>
internal sealed class TokenBucketQuota(long burst, long perSecond) : IServerQuota
{
    private double _tokens = burst;
    private TimeSpan _at;

    public (long Granted, TimeSpan ValidDuration) Allocate(long amount, bool bestEffort, TimeSpan now)
    {
        _tokens = Math.Min(burst, _tokens + ((now - _at).TotalSeconds * perSecond));
        _at = now;
        long whole = (long)_tokens;
        long granted = amount <= whole ? amount : bestEffort ? whole : 0;
        _tokens -= granted;
        return (granted, TimeSpan.FromSeconds(1));
    }
}

/// <summary>So much until it is given back.</summary>
internal sealed class AllocationQuota(long limit) : IServerQuota
{
    public long Used { get; private set; }

    public (long Granted, TimeSpan ValidDuration) Allocate(long amount, bool bestEffort, TimeSpan now)
    {
        long granted = amount < 0 ? -Math.Min(-amount, Used) : amount <= limit - Used ? amount : bestEffort ? limit - Used : 0;
        Used += granted;
        return (granted, TimeSpan.Zero);
    }
}

/// <summary>
/// A server of quotas: each is told apart by the name of the request's source. Checks are answered at once, or when the test lets them.
/// </summary>
internal sealed class QuotaFleet(AttributeSpace space, TimeProvider clock, Func<IServerQuota> make) : IFleet
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Source), IServerQuota> _quotas = [];
    private readonly long _origin = clock.GetTimestamp();

    /// <summary>What each verdict says that its quotas depended on.</summary>
    public IReadOnlyList<ReferencedAttribute>? Referenced { get; set; } = [new ReferencedAttribute("source.name", null, true)];

    /// <summary>Completes before questions are answered.</summary>
    public Func<Task> Gate { get; set; } = static () => Task.CompletedTask;

    /// <summary>What is granted in all, less what was given back.</summary>
    public long Granted { get; private set; }

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    public PolicyLedger Policies { get; } = new();

    public IServerQuota Quota(string name, string source)
    {
        lock (_lock)
        {
            return Get(name, source);
        }
    }

    /// <summary>Answers as a server does to a check that the client's own code asks.</summary>
    public Verdict Check(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas)
    {
        Assert.True(bag.TryGetBytes(SourceName, out ReadOnlySpan<byte> source));
        return Answer(System.Text.Encoding.UTF8.GetString(source), quotas);
    }

    public async ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        string source = Source(question.BeyondBase.Written);
        QuotaRequest[] quotas = [.. question.Quotas];
        await Gate();
        return new ServedVerdict(Answer(source, quotas), 0);
    }

    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Quotas make no reports.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int SourceName => space.Vocabulary.TryGetSlot("source.name", out int slot) ? slot : throw new InvalidOperationException();

    private IServerQuota Get(string name, string source)
    {
        if (!_quotas.TryGetValue((name, source), out IServerQuota? quota))
        {
            quota = make();
            _quotas.Add((name, source), quota);
        }

        return quota;
    }

    private Verdict Answer(string source, IReadOnlyList<QuotaRequest> quotas)
    {
        lock (_lock)
        {
            Asked++;
            var grants = new List<QuotaGrant>();
            foreach (QuotaRequest quota in quotas)
            {
                (long granted, TimeSpan valid) = Get(quota.Name, source).Allocate(quota.Amount, quota.BestEffort, clock.GetElapsedTime(_origin));
                Granted += granted;
                grants.Add(new QuotaGrant(quota.Name, granted, valid) { Referenced = Referenced });
            }

            return new Verdict(StatusCode.Ok, "", TimeSpan.FromMinutes(1), 1000, [], grants);
        }
    }

    private string Source(ReadOnlySpan<byte> map)
    {
        var header = new byte[16];
        var writer = new WireWriter(header, framed: false);
        MessageHeader.Write(ref writer, MessageKind.Check, 1, elements: 1);
        Assert.True(writer.TryComplete(out int length));
        using var request = new CheckRequest(space.All);
        request.Attributes.Reset(space.All, space.Base);
        WireReader reader = request.Attributes.Load([.. header.AsSpan(0, length), .. map]);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader read));
        Assert.True(request.TryRead(ref reader, read, ProtocolLimits.Default, WordList.Version1Count, padded: false));
        Assert.True(request.Attributes.TryGetBytes(SourceName, out ReadOnlySpan<byte> source));
        return System.Text.Encoding.UTF8.GetString(source);
    }
}
