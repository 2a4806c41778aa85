using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Fleet;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Tests;

/// <summary>Servers that answer by a function of the request's attributes, at once or when the test lets them.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "What answers read is the collector's to take back.")]
internal sealed class FakeFleet : IFleet
{
    private readonly Vocabulary _vocabulary;
    private readonly AttributeBag? _base;
    private int _checks;

    public FakeFleet(Vocabulary? vocabulary = null, AttributeBag? root = null)
    {
        _vocabulary = vocabulary ?? Vocabulary.Standard;
        _base = root;
    }

    /// <summary>What a server says.</summary>
    public Func<AttributeBag, Verdict> Answer { get; set; } = _ => Verdicts.Allowed();

    /// <summary>What a server is waited for; null for nothing.</summary>
    public Task? Pause { get; set; }

    /// <summary>How many checks came.</summary>
    public int Checks => Volatile.Read(ref _checks);

    /// <summary>The routes of the checks that came.</summary>
    public List<ulong> Routes { get; } = [];

    public PolicyLedger Policies { get; } = new();

    public async ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _checks);
        lock (Routes)
        {
            Routes.Add(question.Route);
        }

        ulong policy = Policies.Of(0);
        Verdict verdict = Answer(Decode(question.BeyondBase.Written));
        if (Pause is { } pause)
        {
            await pause.WaitAsync(cancellationToken);
        }

        // As a connection does: a verdict overtaken by an announcement says that it may not be reused.
        return new ServedVerdict(
            policy == Policies.Of(0)
                ? verdict with { Policy = policy }
                : verdict with { ValidDuration = TimeSpan.Zero, ValidUseCount = 0 },
            0);
    }

    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No test of checks reports.");

    public ValueTask DisposeAsync() => default;

    private AttributeBag Decode(ReadOnlySpan<byte> attributes)
    {
        var body = new byte[attributes.Length + 16];
        var writer = new WireWriter(body, framed: false);
        MessageHeader.Write(ref writer, MessageKind.Check, id: 1, elements: 1);
        writer.WriteRaw(attributes);
        Assert.True(writer.TryComplete(out int length));

        var request = new CheckRequest(AttributeSelection.All(_vocabulary));
        request.Attributes.Reset(AttributeSelection.All(_vocabulary), _base);
        WireReader reader = request.Attributes.Load(body.AsSpan(0, length));
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false), reader.Fault.ToString());
        return request.Attributes;
    }
}

/// <summary>Verdicts for tests.</summary>
internal static class Verdicts
{
    public static Verdict Allowed(params ReferencedAttribute[] referenced) => Of(StatusCode.Ok, string.Empty, referenced);

    public static Verdict Of(StatusCode status, string message, params ReferencedAttribute[] referenced) =>
        new(status, message, TimeSpan.FromSeconds(10), -1, referenced, []);
}
