using FastMixer.Adapters;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Server.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>A server in this process whose policy is a folder that is watched, at a time that the test drives.</summary>
internal sealed class WatchedServer : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly MixerConnection _client;

    private WatchedServer(string folder, WatchOptions options)
    {
        Folder = folder;
        var policy = new PolicyFolder(folder, BuiltInAdapters.Registry.Catalog);
        PolicyLoad loaded = policy.Load(generation: 1);
        _server = TestServer.Start(loaded.Policy ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)));
        _client = _server.Connect(Transport.Tcp);
        Watcher = new PolicyWatcher(_server.Engine, policy, loaded, options, Log, Time);
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; } = new();

    public LogLines Log { get; } = new();

    public PolicyWatcher Watcher { get; }

    public TestServer Server => _server;

    public static WatchedServer Start(string folder, WatchOptions? options = null) => new(folder, options ?? new WatchOptions());

    /// <summary>A policy that denies every request, and says so with a name.</summary>
    public static string Deny(string name) => $$"""
        kind: handler
        metadata: {name: kept}
        spec: {compiledAdapter: noop}
        ---
        kind: handler
        metadata: {name: closed}
        spec: {compiledAdapter: denier, params: {status: {code: PERMISSION_DENIED, message: "{{name}}"} } }
        ---
        kind: instance
        metadata: {name: any}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: all}
        spec: {actions: [{handler: kept, instances: [any]}, {handler: closed, instances: [any]}]}

        """;

    /// <summary>What the policy in force is called.</summary>
    public async Task<string> AskAsync()
    {
        using var attributes = new AttributeWriter();
        Verdict verdict = await _client.CheckAsync(attributes);
        return NameOf(verdict);
    }

    /// <summary>What the policy that gave a verdict is called.</summary>
    public static string NameOf(Verdict verdict) =>
        verdict.Message.StartsWith("closed.istio-system:", StringComparison.Ordinal) ? verdict.Message["closed.istio-system:".Length..] : verdict.Message;

    /// <summary>Lets looks at the folder happen until something is true.</summary>
    public Task LookUntilAsync(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Thread.Yield();
        return condition();
    });

    public async ValueTask DisposeAsync()
    {
        await Watcher.DisposeAsync();
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }
}
