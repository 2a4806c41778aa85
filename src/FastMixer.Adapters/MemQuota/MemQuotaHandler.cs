using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.MemQuota;

/// <summary>
/// Grants quotas from counters in memory, one for each combination of an instance and its dimensions. Counters lie in several parts, each with a
/// lock that is held only while a counter is changed. Known dimensions allocate nothing.
/// </summary>
internal sealed class MemQuotaHandler : IQuotaHandler
{
    private const int Parts = 16;

    private static readonly Counter<long> Refusals = AdapterMeter.Meter.CreateCounter<long>(
        "fastmixer.memquota.full", unit: "{quota}", description: "Quotas that were granted 0 because there were too many combinations of dimensions.");

    [ThreadStatic]
    private static PooledBuffer? KeyRoom;

    private readonly MemQuotaSettings _settings;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CounterTable[] _parts;
    private readonly ConditionalWeakTable<Instance, BoundLimits> _bound = [];
    private readonly long _seed = Random.Shared.NextInt64();

    public MemQuotaHandler(MemQuotaSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _start = time.GetTimestamp();
        int counters = Math.Max(1, settings.MaxCounters / Parts);
        _parts = [.. Enumerable.Range(0, Parts).Select(_ => new CounterTable(counters, settings.MinDeduplicationDuration))];
    }

    public ValueTask<QuotaResult> AllocateAsync(InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken) =>
        new(Allocate(instance, arguments));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private QuotaResult Allocate(InstanceValues instance, QuotaArguments arguments)
    {
        QuotaLimit limit = LimitsOf(instance.Instance).Choose(instance);
        ReadOnlySpan<byte> key = WriteKey(instance, arguments, out int counterLength);
        UInt128 question = arguments.DeduplicationId.IsEmpty ? UInt128.Zero : XxHash128.HashToUInt128(key, _seed);
        ReadOnlySpan<byte> counter = key[..counterLength];
        CounterTable part = _parts[(int)(XxHash3.HashToUInt64(counter, _seed) % Parts)];
        QuotaResult result = part.Allocate(counter, question, limit, arguments, _time.GetElapsedTime(_start), out bool isFull);
        if (isFull)
        {
            Refusals.Add(1);
        }

        return result;
    }

    private BoundLimits LimitsOf(Instance instance) =>
        _bound.TryGetValue(instance, out BoundLimits? known) ? known : Bind(instance);

    private BoundLimits Bind(Instance instance)
    {
        QuotaLimits limits = _settings.Find(instance.Name, instance.FullName)
            ?? throw new InvalidOperationException($"{instance.FullName} has no limit, which the configuration was checked for.");
        return _bound.GetValue(instance, _ => new BoundLimits(limits, instance));
    }

    // The counter: the instance's name and its dimensions; then what tells one question of it from another: the amount and the deduplication id.
    // Lengths stand before texts, so that no two come out the same.
    private static ReadOnlySpan<byte> WriteKey(InstanceValues instance, QuotaArguments arguments, out int counterLength)
    {
        PooledBuffer key = KeyRoom ??= new PooledBuffer();
        key.Reset();
        Span<byte> room = stackalloc byte[16];
        Append(key, instance.Instance.Utf8FullName.Span);
        for (int field = 0; field < instance.Count; field++)
        {
            Append(key, DimensionValue.Read(instance, field, room));
        }

        counterLength = key.Length;
        BinaryPrimitives.WriteInt64LittleEndian(room, arguments.Amount);
        room[sizeof(long)] = arguments.BestEffort ? (byte)1 : (byte)0;
        Append(key, room[..(sizeof(long) + 1)]);
        Append(key, arguments.DeduplicationId.Span);
        return key.Written;
    }

    private static void Append(PooledBuffer key, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(key.GetSpan(sizeof(int)), text.Length);
        key.Advance(sizeof(int));
        key.Write(text);
    }
}
