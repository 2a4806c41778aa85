using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Benchmarks.Reports;

/// <summary>An adapter whose metrics nobody reads: durations by bucket, all else as counters.</summary>
internal sealed class MeterAdapter : Adapter
{
    public override AdapterDescriptor Descriptor { get; } = new("meter", ["metric"], static _ => new object());

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler();

    private sealed class Handler : IMetricReader
    {
        private static readonly MetricDefinition Counter = new(MetricKind.Counter);
        private static readonly MetricDefinition Distribution =
            new(MetricKind.Distribution, BucketBounds.Explicit([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]));

        public void Attach(IMetricSource source)
        {
        }

        public MetricDefinition? Aggregate(Instance instance) => instance.Name == "duration" ? Distribution : Counter;

        public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }
}
