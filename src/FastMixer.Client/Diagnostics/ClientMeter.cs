using System.Diagnostics.Metrics;

namespace FastMixer.Client.Diagnostics;

/// <summary>A client's counts as instruments of the meter <see cref="ClientDiagnostics.Name"/>, read when somebody collects them.</summary>
internal sealed class ClientMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly MixerClient _client;

    /// <summary>The instruments of a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="meters">Makes the meter, and ends it; null for one of its own.</param>
    public ClientMeter(MixerClient client, IMeterFactory? meters)
    {
        _client = client;
        _meter = meters?.Create(new MeterOptions(ClientDiagnostics.Name)) ?? new Meter(new MeterOptions(ClientDiagnostics.Name) { Scope = client });
        _meter.CreateObservableCounter("fastmixer.client.checks", Checks, unit: "{check}", description: "Checks, by where their answers came from.");
        Count("fastmixer.client.checks.shared", () => _client.Statistics.Checks.Shared, "{check}", "Checks that waited for another's question.");
        Count("fastmixer.client.checks.renewals", () => _client.Statistics.Checks.Renewals, "{verdict}", "Verdicts that a server gave again before their time was over.");
        Count("fastmixer.client.checks.not_kept", () => _client.Statistics.Checks.NotKept, "{verdict}", "Reusable verdicts that could not be kept.");
        Count("fastmixer.client.checks.answer_time", () => (long)_client.Statistics.Checks.AnswerTime.TotalMicroseconds, "us", "How long servers took to answer, all together.");
        Count("fastmixer.client.reports.added", () => _client.Statistics.Reports.Added, "{record}", "Records handed over.");
        Count("fastmixer.client.reports.acknowledged", () => _client.Statistics.Reports.Acknowledged, "{record}", "Records that a server has taken.");
        Count("fastmixer.client.reports.unacknowledged", () => _client.Statistics.Reports.Unacknowledged, "{record}", "Records sent whose acknowledgement never came.");
        Count("fastmixer.client.reports.dropped", () => _client.Statistics.Reports.AllDropped, "{record}", "Records dropped.");
        _meter.CreateObservableGauge("fastmixer.client.reports.held", () => _client.Statistics.Reports.Held, unit: "{record}", description: "Records that wait.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Count(string name, Func<long> read, string unit, string description) =>
        _meter.CreateObservableCounter(name, read, unit, description);

    private IEnumerable<Measurement<long>> Checks()
    {
        CheckCounts counts = _client.Statistics.Checks;
        yield return Of(counts.Hits, "cache");
        yield return Of(counts.Answers - counts.Renewals, "server");
        yield return Of(counts.Stale, "stale");
        yield return Of(counts.FailedOpen, "failed-open");
        yield return Of(counts.FailedClosed, "failed-closed");
        yield return Of(counts.Refused, "refused");
    }

    private static Measurement<long> Of(long value, string origin) => new(value, new KeyValuePair<string, object?>("origin", origin));
}
