using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Reports;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Client.Tests.Reports;

/// <summary>What tests of reports share: a space with a base, servers that answer as wanted, and time that stands still.</summary>
public abstract class ReportTest : ClientTest
{
    private protected AttributeSpace Space { get; } = new(new MixerClientOptions
    {
        Servers = new FleetOptions { Addresses = ["tcp://127.0.0.1:9191"] },
        Attributes = [new AttributeDefinition("custom.number", AttributeType.Int64), new AttributeDefinition("custom.flag", AttributeType.Bool)],
        Base = static attributes =>
        {
            attributes.Set("source.namespace", "books");
            attributes.Set("source.name", "reader");
        },
    });

    private protected ReportingFleet Fleet { get; }

    protected ReportTest() => Fleet = new ReportingFleet(Space);

    private protected ReportGatherer Start(ReportOptions options, ILogger? logger = null) =>
        new(options, Space, Fleet, Clock, logger ?? NullLogger.Instance);

    private protected bool Add(ReportGatherer gatherer, long number, string? text = null)
    {
        using RequestAttributes record = Space.Rent(null);
        record.Set("custom.number", number);
        if (text is not null)
        {
            record.Set("request.useragent", text);
        }

        return gatherer.TryAdd(record);
    }

    private protected static void AssertSums(ReportCounts counts)
    {
        Assert.True(counts.Held >= 0);
        Assert.Equal(counts.Added, counts.Acknowledged + counts.Unacknowledged + counts.AllDropped + counts.Held);
    }

    /// <summary>The numbers of the records that servers took, in order.</summary>
    private protected long[] TakenNumbers() =>
        [.. Fleet.Taken.Select(static record => record.Split(';').Single(static part => part.StartsWith("custom.number=", StringComparison.Ordinal)))
            .Select(static part => long.Parse(part.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture))];
}
