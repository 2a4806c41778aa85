using System.Text;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Engine.Tests.Support;

/// <summary>An engine that answers checks of a policy given as text, with the adapter <c>fake</c> and any others.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly AdapterRegistry _adapters;

    private TestEngine(
        Snapshot policy, AdapterRegistry adapters, HandlerServices services, ReportOptions? reports = null, VerdictCacheOptions? verdicts = null)
    {
        _adapters = adapters;
        Engine = new MixerEngine(LiveSnapshot.Start(policy, adapters, services), reports, verdicts);
    }

    public MixerEngine Engine { get; }

    public static TestEngine Start(string policy, params Adapter[] adapters) => Start(policy, TimeProvider.System, adapters);

    public static TestEngine Start(string policy, TimeProvider time, params Adapter[] adapters) => Start(policy, time, null, adapters);

    public static TestEngine Start(string policy, TimeProvider time, ReportOptions? reports, params Adapter[] adapters) =>
        Start(policy, new HandlerServices(time, Stream.Null, Stream.Null), reports, adapters);

    public static TestEngine Start(string policy, HandlerServices services, params Adapter[] adapters) => Start(policy, services, null, adapters);

    public static TestEngine Start(string policy, HandlerServices services, ReportOptions? reports, params Adapter[] adapters)
    {
        var registry = new AdapterRegistry([new FakeAdapter(), .. adapters]);
        return new TestEngine(Load(policy, registry), registry, services, reports);
    }

    /// <summary>An engine that keeps verdicts.</summary>
    public static TestEngine StartKeeping(string policy, TimeProvider time, VerdictCacheOptions? verdicts = null, params Adapter[] adapters)
    {
        var registry = new AdapterRegistry([new FakeAdapter(), .. adapters]);
        return new TestEngine(Load(policy, registry), registry, new HandlerServices(time, Stream.Null, Stream.Null), verdicts: verdicts ?? new VerdictCacheOptions());
    }

    public static Snapshot Load(string policy, AdapterRegistry adapters)
    {
        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", policy)], adapters.Catalog);
        return loaded.Snapshot ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
    }

    /// <summary>Puts another policy in force.</summary>
    public ReplaceResult Replace(string policy) => Engine.Replace(Load(policy, _adapters));

    /// <summary>Answers a check.</summary>
    /// <param name="fill">Sets the attributes.</param>
    /// <param name="quotas">What is asked for.</param>
    public Task<Answer> CheckAsync(Action<AttributeWriter>? fill = null, params QuotaRequest[] quotas) => CheckAsync("", fill, quotas);

    /// <summary>Answers a check that has a deduplication id.</summary>
    public Task<Answer> CheckAsync(string deduplicationId, Action<AttributeWriter>? fill = null, params QuotaRequest[] quotas) =>
        CheckAsync(Encode(deduplicationId, fill, quotas), quotas.Length, _ => { });

    /// <summary>Answers a check that is encoded.</summary>
    /// <param name="message">The check.</param>
    /// <param name="quotas">How many quotas it asks for.</param>
    /// <param name="prepare">Sets what is no part of the message.</param>
    public async Task<Answer> CheckAsync(byte[] message, int quotas, Action<CheckCall> prepare)
    {
        CheckCall call = Engine.Calls.Get();
        try
        {
            Read(call, message);
            prepare(call);
            await Engine.CheckAsync(call);
            return Describe(call, quotas);
        }
        finally
        {
            Engine.Calls.Return(call);
        }
    }

    /// <summary>Offers a report of one record without attributes.</summary>
    public Acknowledgement Report() => Report(static _ => { });

    /// <summary>Offers a report.</summary>
    /// <param name="records">What sets the attributes of each record.</param>
    public Acknowledgement Report(params Action<AttributeWriter>[] records) => Report(EncodeReport(records), records.Length);

    /// <summary>Offers an encoded report.</summary>
    public Acknowledgement Report(ReadOnlySpan<byte> message, int records) =>
        Engine.Reports.Offer(message, records, Engine.Lease(), null, WordList.Version1Count);

    /// <summary>A report, encoded.</summary>
    public static byte[] EncodeReport(params Action<AttributeWriter>[] records)
    {
        AttributeWriter[] writers = [.. records.Select(_ => new AttributeWriter())];
        for (int i = 0; i < records.Length; i++)
        {
            records[i](writers[i]);
        }

        var bytes = new byte[64 + (2 * writers.Sum(writer => writer.MaxBytes))];
        var writer = new WireWriter(bytes, framed: false);
        ReportWriter.Write(ref writer, 1, writers);
        Assert.True(writer.TryComplete(out int length));
        Array.ForEach(writers, record => record.Dispose());
        return bytes[..length];
    }

    /// <summary>A check, encoded.</summary>
    public static byte[] Encode(Action<AttributeWriter>? fill = null, params QuotaRequest[] quotas) => Encode("", fill, quotas);

    /// <summary>A check with a deduplication id, encoded.</summary>
    public static byte[] Encode(string deduplicationId, Action<AttributeWriter>? fill = null, params QuotaRequest[] quotas)
    {
        using var attributes = new AttributeWriter();
        fill?.Invoke(attributes);
        var bytes = new byte[16 * 1024];
        var writer = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref writer, 1, attributes, quotas, Encoding.UTF8.GetBytes(deduplicationId));
        return writer.TryComplete(out int length) ? bytes[..length] : throw new InvalidOperationException("The check outgrew its room.");
    }

    /// <summary>Reads an encoded check into a call, under the configuration in force.</summary>
    public void Read(CheckCall call, ReadOnlySpan<byte> message)
    {
        call.Begin(Engine);
        WireReader reader = call.Load(message, inherited: null);
        bool read = MessageHeader.TryRead(ref reader, out MessageHeader header)
            && call.Request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false);
        if (!read)
        {
            Assert.Fail(reader.Fault.ToString());
        }
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private static Answer Describe(CheckCall call, int quotas)
    {
        if (call.Failure is { } failure)
        {
            return new Answer(failure, default, "", default, 0, [], []);
        }

        Verdict verdict = Decode(call);
        return new Answer(
            null,
            verdict.Status,
            verdict.Message,
            verdict.ValidDuration,
            verdict.ValidUseCount,
            [.. verdict.Referenced.Select(Format).Order(StringComparer.Ordinal)],
            quotas == 0 ? [] : [.. verdict.Quotas.Select(quota => quota.Granted)])
        {
            Directive = verdict.Directive,
            QuotaReferences = [.. verdict.Quotas.Select(quota => string.Join(", ", quota.Referenced!.Select(Format).Order(StringComparer.Ordinal)))],
        };
    }

    private static Verdict Decode(CheckCall call)
    {
        var bytes = new byte[64 * 1024];
        var writer = new WireWriter(bytes, framed: false);
        call.WriteVerdict(ref writer, 1, WordList.Version1Count, VerdictParts.All);
        Assert.True(writer.TryComplete(out int length));
        var reader = new WireReader(bytes.AsSpan(0, length));
        bool read = MessageHeader.TryRead(ref reader, out MessageHeader header)
            & Verdict.TryRead(ref reader, header, WordList.Version1Count, out Verdict? verdict);
        Assert.True(read, reader.Fault.ToString());
        return verdict!;
    }

    private static string Format(ReferencedAttribute attribute) =>
        new StringBuilder(attribute.Present ? "" : "no ").Append(attribute.Name).Append(attribute.Key is null ? "" : $"[{attribute.Key}]").ToString();
}

/// <summary>What became of a check.</summary>
/// <param name="Failure">Why there is no verdict, or null.</param>
/// <param name="Status">The verdict's status.</param>
/// <param name="Message">Its message.</param>
/// <param name="ValidDuration">How long it may be reused.</param>
/// <param name="ValidUseCount">How often it may be reused.</param>
/// <param name="References">What it depended on: <c>name</c>, <c>name[key]</c>, <c>no name</c>.</param>
/// <param name="Grants">What was granted of each quota.</param>
internal sealed record Answer(
    string? Failure,
    StatusCode Status,
    string Message,
    TimeSpan ValidDuration,
    int ValidUseCount,
    IReadOnlyList<string> References,
    IReadOnlyList<long> Grants)
{
    /// <summary>What it asks of the proxy.</summary>
    public RouteDirective Directive { get; init; } = RouteDirective.None;

    /// <summary>What each quota depended on, in the form of <see cref="References"/>, joined by commas.</summary>
    public IReadOnlyList<string> QuotaReferences { get; init; } = [];
}
