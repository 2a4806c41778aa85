using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Denier;

/// <summary>Answers every check with one configured status, and grants no quota.</summary>
public sealed class DenierAdapter : Adapter
{
    private static readonly TimeSpan DefaultValidDuration = TimeSpan.FromSeconds(5);
    private const int DefaultValidUseCount = 1000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("denier", ["checknothing", "listentry", "quota"], ReadParameters);

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new DenierHandler(((DenierSettings)definition.Parameters).Result);

    private static DenierSettings ReadParameters(ParameterReader reader)
    {
        StatusCode code = StatusCode.FailedPrecondition;
        string message = "denied by policy";
        if (reader.Object("status") is { } status)
        {
            code = StatusCodeField.Read(status, "code", code);
            message = status.Text("message", message);
            status.End();
        }

        CheckResult result = CheckResult.Create(
            code,
            message,
            reader.Duration("valid_duration", DefaultValidDuration),
            reader.Int32("valid_use_count", DefaultValidUseCount, -1, int.MaxValue));
        return new DenierSettings(result with { DirectResponse = DirectResponseReader.Read(reader, code) });
    }

    private sealed record DenierSettings(CheckResult Result);

    private sealed class DenierHandler(CheckResult result) : ICheckHandler, IQuotaHandler
    {
        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => new(result);

        public ValueTask<QuotaResult> AllocateAsync(
            InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken) => new(default(QuotaResult));

        public ValueTask DisposeAsync() => default;
    }
}
