using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Support;

/// <summary>
/// An adapter named <c>fake</c> for checks and quotas. Its parameter <c>answer</c> is a status that it answers with, or <c>fail</c> to throw; its
/// parameter <c>life</c> is how long, in seconds, and how often its answers may be reused; its parameter <c>reply</c> is the body of a direct
/// response that comes with them.
/// </summary>
internal sealed class FakeAdapter : Adapter
{
    public override AdapterDescriptor Descriptor { get; } = new("fake", ["checknothing", "listentry", "quota"], reader =>
        new Settings(reader.Text("answer", "OK"), reader.Int32("life", 60, 0, int.MaxValue), reader.Text("reply")));

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler((Settings)definition.Parameters);

    private sealed record Settings(string Answer, int Life, string Reply);

    private sealed class Handler(Settings settings) : ICheckHandler, IQuotaHandler
    {
        private readonly bool _fails = settings.Answer == "fail";
        private readonly CheckResult _result = StatusCodes.TryParse(settings.Answer, out StatusCode status)
            ? CheckResult.Create(status, status == StatusCode.Ok ? "" : "no", TimeSpan.FromSeconds(settings.Life), settings.Life) with
            {
                DirectResponse = settings.Reply.Length > 0 ? new DirectHttpResponse(0, settings.Reply, [KeyValuePair.Create("x-why", "policy")]) : null,
            }
            : default;

        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) =>
            _fails ? throw new IOException("the backend is gone") : new(_result);

        public ValueTask<QuotaResult> AllocateAsync(InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken) =>
            _fails
                ? throw new IOException("the backend is gone")
                : new(new QuotaResult(_result.Status == StatusCode.Ok ? arguments.Amount : 0, _result.ValidDuration));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
