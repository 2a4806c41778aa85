using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Tests.Rbac;

/// <summary>An adapter named <c>probe</c> that asks whichever handler a test puts there.</summary>
internal sealed class ProbeAdapter : Adapter
{
    /// <summary>The handler that is asked; the test disposes it.</summary>
    public ICheckHandler Handler { get; set; } = null!;

    public override AdapterDescriptor Descriptor { get; } = new("probe", ["authorization"], static _ => new object());

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Probe(this);

    private sealed class Probe(ProbeAdapter adapter) : ICheckHandler
    {
        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) =>
            adapter.Handler.CheckAsync(instance, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
