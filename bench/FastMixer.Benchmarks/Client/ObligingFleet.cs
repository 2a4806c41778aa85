using FastMixer.Client.Fleet;
using FastMixer.Protocol.Messages;

namespace FastMixer.Benchmarks.Client;

/// <summary>Servers that allow everything for a day, by verdicts that depend on the path, and take every record at once.</summary>
internal sealed class ObligingFleet : IFleet
{
    public PolicyLedger Policies { get; } = new();

    public ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken)
    {
        ReferencedAttribute[] referenced =
        [
            new("destination.service.name", null, Present: true), new("source.namespace", null, Present: true), new("request.path", null, Present: true),
            new("request.headers", null, Present: false),
        ];
        var verdict = new Verdict(StatusCode.Ok, string.Empty, TimeSpan.FromDays(1), -1, referenced, []);
        return ValueTask.FromResult(new ServedVerdict(verdict, 0));
    }

    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new Acknowledgement(int.MaxValue, 0, TimeSpan.Zero));

    public ValueTask DisposeAsync() => default;
}
