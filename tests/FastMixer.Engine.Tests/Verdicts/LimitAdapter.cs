using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Tests.Verdicts;

/// <summary>An adapter named <c>memo</c> for quotas, all or nothing, of which so much is left as the test says.</summary>
internal sealed class LimitAdapter : Adapter
{
    public override AdapterDescriptor Descriptor { get; } = new("memo", ["quota"], _ => new object());

    public long Left { get; set; }

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler(this);

    private sealed class Handler(LimitAdapter limit) : IQuotaHandler
    {
        public ValueTask<QuotaResult> AllocateAsync(InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken)
        {
            bool isGranted = arguments.Amount <= limit.Left;
            limit.Left -= isGranted ? arguments.Amount : 0;
            return new(new QuotaResult(isGranted ? arguments.Amount : 0, TimeSpan.FromSeconds(1)));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
