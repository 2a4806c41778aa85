using System.Text;
using CsCheck;
using FastMixer.Client.Attributes;
using FastMixer.Client.Reports;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests.Reports;

/// <summary>Whatever records are added, and however many of a batch are refused: decoded, they are those that were added, in their order.</summary>
public sealed class ReportModelTests : ReportTest
{
    private static readonly string[] Names =
    [
        "source.namespace", "source.name", "request.path", "request.useragent", "request.headers", "source.ip", "request.time", "response.duration",
        "response.code", "connection.mtls", "custom.number", "custom.flag",
    ];

    private static readonly string[] Texts = ["", "GET", "reader", "/a/rather/long/path?of=a&request", "ü", "application/json"];

    private static readonly Gen<Step[]> Steps = Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Int[-3, 12]).Array[0, 8])
        .Select(static (prepared, settings) => new Step(prepared, settings)).Array[1, 40];

    [Fact]
    public void Batches_Decoded_AreTheRecordsThatWereAdded()
    {
        PreparedAttributes?[] prepared = [null, Prepare(3, 0, 4), Prepare(7, 4, 11)];
        Gen.Select(Steps, Gen.Int[1, 12], Gen.Int[0, 13].Array[1, 5]).Sample(
            (steps, batchRecords, taken) => RoundTripAsync(prepared, steps, batchRecords, taken).GetAwaiter().GetResult(),
            iter: 300,
            threads: 1);
    }

    private async Task RoundTripAsync(PreparedAttributes?[] prepared, Step[] steps, int batchRecords, int[] taken)
    {
        await using var fleet = new ReportingFleet(Space);
        int turn = -1;
        fleet.Answer = (count, _) =>
        {
            int accepted = Math.Min(count, taken[Interlocked.Increment(ref turn) % taken.Length]);
            accepted = turn > 50 ? count : accepted;
            return Task.FromResult(new Acknowledgement(accepted, count - accepted, TimeSpan.FromMilliseconds(1)));
        };
        await using var gatherer = new ReportGatherer(
            new ReportOptions { BatchRecords = batchRecords, RetryFor = TimeSpan.FromDays(1) }, Space, fleet, Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var expected = new List<string>();
        foreach (Step step in steps)
        {
            using RequestAttributes record = Space.Rent(prepared[step.Prepared]);
            Apply(record, step);
            expected.Add(ReportingFleet.Describe(record.Bag));
            Assert.True(gatherer.TryAdd(record));
        }

        Task flushed = gatherer.FlushAsync(CancellationToken.None);
        await Until.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(200));
            return flushed.IsCompleted;
        });

        // Two batches can be on their way at once, and the one that is refused comes later.
        Assert.Equal(expected.Order(StringComparer.Ordinal), fleet.Taken.Order(StringComparer.Ordinal));
        Assert.Equal(steps.Length, gatherer.Counts.Acknowledged);
        Assert.Equal(0, gatherer.Counts.Held);
    }

    private PreparedAttributes Prepare(params int[] settings)
    {
        using RequestAttributes attributes = Space.Rent(null);
        Apply(attributes, new Step(0, [.. settings.Select(static name => (name, 3))]));
        return attributes.Prepare();
    }

    private void Apply(RequestAttributes record, Step step)
    {
        foreach ((int name, int value) in step.Settings)
        {
            AttributeKey key = Space.Key(Names[name]);
            if (value < 0)
            {
                record.Remove(key);
            }
            else
            {
                Set(record, key, value);
            }
        }
    }

    private static void Set(RequestAttributes record, AttributeKey key, int value)
    {
        string text = Texts[value % Texts.Length];
        switch (key.Type)
        {
            case AttributeType.Int64:
                record.Set(key, (long)value);
                break;
            case AttributeType.Bool:
                record.Set(key, value % 2 == 0);
                break;
            case AttributeType.Timestamp:
                record.SetTimestamp(key, value * 1_000_000_007L);
                break;
            case AttributeType.Duration:
                record.SetDuration(key, value * 1_000L);
                break;
            case AttributeType.IpAddress:
                record.SetIpAddress(key, [10, 0, 0, (byte)value]);
                break;
            case AttributeType.StringMap:
                record.Set(key, [.. Enumerable.Range(0, value % 3).Select(
                    i => KeyValuePair.Create<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"key{i}"), Encoding.UTF8.GetBytes(text)))]);
                break;
            case AttributeType.Bytes:
                record.SetBytes(key, Encoding.UTF8.GetBytes(text));
                break;
            default:
                record.Set(key, text);
                break;
        }
    }

    /// <summary>A record: what it is rented with, and what is set, or removed where the value is below 0.</summary>
    private sealed record Step(int Prepared, (int Name, int Value)[] Settings);
}
