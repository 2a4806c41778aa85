using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Noop;

/// <summary>Allows every check, grants every quota, takes every report and does nothing with it, adds no attributes.</summary>
public sealed class NoopAdapter : Adapter
{
    // The original's 10^9 seconds, about 31 years.
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(1_000_000_000);
    private const int AlwaysUses = 1_000_000_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("noop", [.. Template.All.Select(template => template.Name)], static _ => Settings.Instance);

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new NoopHandler();

    private sealed record Settings
    {
        public static Settings Instance { get; } = new();
    }

    private sealed class NoopHandler : ICheckHandler, IQuotaHandler, IReportHandler, IAttributeGenerator
    {
        private static readonly CheckResult Allowed = new(StatusCode.Ok, default, Forever, AlwaysUses);

        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => new(Allowed);

        public ValueTask<QuotaResult> AllocateAsync(
            InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken) => new(new QuotaResult(arguments.Amount, Forever));

        public ValueTask GenerateAsync(InstanceValues instance, GeneratorOutput output, CancellationToken cancellationToken) => default;

        public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken) => default;

        public ValueTask DisposeAsync() => default;
    }
}
