using FastMixer.Adapters.Denier;
using FastMixer.Adapters.Dogstatsd;
using FastMixer.Adapters.Fluentd;
using FastMixer.Adapters.Http;
using FastMixer.Adapters.JsonLines;
using FastMixer.Adapters.KubernetesTable;
using FastMixer.Adapters.List;
using FastMixer.Adapters.MemQuota;
using FastMixer.Adapters.Noop;
using FastMixer.Adapters.Opa;
using FastMixer.Adapters.Otlp;
using FastMixer.Adapters.Prometheus;
using FastMixer.Adapters.Rbac;
using FastMixer.Adapters.Statsd;
using FastMixer.Adapters.Stdio;
using FastMixer.Engine.Handlers;

namespace FastMixer.Adapters;

/// <summary>The adapters that come with FastMixer.</summary>
public static class BuiltInAdapters
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Adapter> All { get; } =
    [
        new DenierAdapter(), new DogstatsdAdapter(), new FileAdapter(), new FluentdAdapter(), new HttpAdapter(),
        new KubernetesTableAdapter(), new ListAdapter(), new MemQuotaAdapter(), new NoopAdapter(), new OpaAdapter(), new OtlpAdapter(),
        new PrometheusAdapter(), new RbacAdapter(), new StatsdAdapter(), new StdioAdapter(),
    ];

    /// <summary>What a configuration may use of them.</summary>
    public static AdapterRegistry Registry { get; } = new(All);
}
