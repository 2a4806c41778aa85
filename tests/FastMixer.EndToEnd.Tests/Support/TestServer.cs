using FastMixer.Adapters;
using FastMixer.Client.Connections;
using FastMixer.Engine;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Hosting;
using FastMixer.Server.Overload;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>A server in this process, with a policy, on a port of each transport that the system chose.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Policy = """
        kind: handler
        metadata: {name: closed}
        spec: {compiledAdapter: denier, params: {status: {code: PERMISSION_DENIED, message: not here}, valid_duration: 5s, valid_use_count: 7}}
        ---
        kind: instance
        metadata: {name: any}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: admin}
        spec:
          match: request.path.startsWith("/admin") || request.headers["x-role"] == "guest"
          actions: [{handler: closed, instances: [any]}]
        ---
        kind: instance
        metadata: {name: needsuser}
        spec: {compiledTemplate: listentry, params: {value: source.user}}
        ---
        kind: handler
        metadata: {name: users}
        spec: {compiledAdapter: listchecker, params: {overrides: [jane]}}
        ---
        kind: rule
        metadata: {name: users}
        spec:
          match: (destination.service.name | "") == "ratings"
          actions: [{handler: users, instances: [needsuser]}]
        ---
        kind: instance
        metadata: {name: requests}
        spec: {compiledTemplate: quota, params: {dimensions: {path: request.path | ""}}}
        ---
        kind: rule
        metadata: {name: quotas}
        spec: {actions: [{handler: closed, instances: [requests]}]}
        ---
        kind: handler
        metadata: {name: log}
        spec: {compiledAdapter: stdio}
        ---
        kind: instance
        metadata: {name: entry}
        spec:
          compiledTemplate: logentry
          params:
            severity: '"info"'
            timestamp: request.time | timestamp("1970-01-01T00:00:00Z")
            variables: {path: request.path | "", code: response.code | 0, took: response.duration | "0ms"}
        ---
        kind: rule
        metadata: {name: log}
        spec: {actions: [{handler: log, instances: [entry]}]}
        """;

    private readonly MixerEngine _engine;
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer").FullName;

    private TestServer(
        Snapshot policy,
        ProtocolLimits limits,
        TimeProvider? time,
        TimeSpan drain,
        AdapterRegistry? adapters = null,
        OverloadOptions? overload = null,
        VerdictCacheOptions? verdicts = null,
        MixerAddress? address = null)
    {
        var services = new HandlerServices(TimeProvider.System, Output, Stream.Null);
        _engine = new MixerEngine(LiveSnapshot.Start(policy, adapters ?? BuiltInAdapters.Registry, services), verdicts: verdicts);
        var options = new MixerServerOptions
        {
            Listen = address is not null
                ? [address]
                : [MixerAddress.Parse("tcp://127.0.0.1:0"), MixerAddress.Parse("udp://127.0.0.1:0"), MixerAddress.Parse($"unix://{_folder}/s")],
            Limits = limits,
            DrainTime = drain,

            // Shed only where a test asks for it: on a machine with too much to do, any server has.
            Overload = overload ?? new OverloadOptions { Target = TimeSpan.Zero },
        };
        Server = new MixerServer(_engine, options, NullLogger.Instance, time);
        Server.Start();
    }

    public MixerServer Server { get; }

    public MixerEngine Engine => _engine;

    public MemoryStream Output { get; } = new();

    public static TestServer Start(string policy = Policy, ProtocolLimits? limits = null, TimeProvider? time = null, TimeSpan? drain = null) =>
        new(Load(policy), limits ?? ProtocolLimits.Default, time, drain ?? TimeSpan.FromSeconds(5));

    public static TestServer Start(Adapter adapter, string policy, TimeProvider? time = null, OverloadOptions? overload = null)
    {
        var adapters = new AdapterRegistry([.. BuiltInAdapters.All, adapter]);
        return new(Load(policy, adapters), ProtocolLimits.Default, time, TimeSpan.FromSeconds(5), adapters, overload);
    }

    /// <summary>A server that keeps verdicts.</summary>
    public static TestServer StartKeeping(string policy = Policy) =>
        new(Load(policy), ProtocolLimits.Default, time: null, TimeSpan.FromSeconds(5), verdicts: new VerdictCacheOptions());

    /// <summary>A server at an address, such as that of one which has stopped.</summary>
    public static TestServer StartAt(MixerAddress address) =>
        new(Load(Policy), ProtocolLimits.Default, time: null, TimeSpan.FromSeconds(5), address: address);

    public static TestServer Start(Snapshot policy) => new(policy, ProtocolLimits.Default, time: null, TimeSpan.FromSeconds(5));

    public static Snapshot Load(string policy, AdapterRegistry? adapters = null)
    {
        LoadResult loaded = ConfigLoader.Load([new ConfigSource("test.yaml", policy)], (adapters ?? BuiltInAdapters.Registry).Catalog);
        return loaded.Snapshot ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
    }

    public MixerAddress Address(Transport transport) => Server.Addresses.Single(address => address.Transport == transport);

    public MixerConnection Connect(Transport transport, AttributeWriter? baseAttributes = null) =>
        new(new MixerConnectionOptions { Server = Address(transport), Timeout = TimeSpan.FromSeconds(20), BaseAttributes = baseAttributes });

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
