using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;

namespace FastMixer.Adapters.KubernetesTable;

/// <summary>Says who the pods at both ends of a request are, from a table in its parameters.</summary>
public sealed class KubernetesTableAdapter : Adapter
{
    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("kubernetestable", [KubernetesTemplate.Name], reader => new PodReader().Read(reader)) { InPlaceOf = ["kubernetesenv"] };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new KubernetesTableHandler((IReadOnlyList<Pod>)definition.Parameters);
}
