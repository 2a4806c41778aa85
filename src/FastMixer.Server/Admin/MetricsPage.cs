using System.Diagnostics.Metrics;
using Prometheus;

namespace FastMixer.Server.Admin;

/// <summary>
/// <c>/metrics</c>: every observable instrument of the meters <c>FastMixer.*</c> and of the runtime's own, in the text format of Prometheus. Instruments are read when somebody
/// asks, into a registry made for the answer, so that what is gone does not linger.
/// </summary>
public sealed class MetricsPage : IAdminPage
{
    /// <inheritdoc/>
    public string Path => "/metrics";

    /// <inheritdoc/>
    public string Description => "metrics, in the text format of Prometheus";

    /// <inheritdoc/>
    public async Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
    {
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        Read(Metrics.WithCustomRegistry(registry));
        reply.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await registry.CollectAndExportAsTextAsync(reply.Body, cancellationToken).ConfigureAwait(false);
    }

    private static void Read(MetricFactory factory)
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.IsObservable && IsWanted(instrument.Meter.Name))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(factory, instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(factory, instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(factory, instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
    }

    private static bool IsWanted(string meter) => meter.StartsWith("FastMixer.", StringComparison.Ordinal) || meter == "System.Runtime";

    // Engines in one process have the same instruments: what they count is added up.
    private static void Take(MetricFactory factory, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new string[tags.Length];
        var values = new string[tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            names[i] = MetricName.OfTag(tags[i].Key);
            values[i] = tags[i].Value?.ToString() ?? "";
        }

        string help = instrument.Description ?? instrument.Name;
        if (MetricName.IsCounter(instrument))
        {
            factory.CreateCounter(MetricName.Of(instrument), help, names).WithLabels(values).Inc(value);
        }
        else
        {
            factory.CreateGauge(MetricName.Of(instrument), help, names).WithLabels(values).Inc(value);
        }
    }
}
