using System.IO.Hashing;
using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Verdicts.Model;

/// <summary>
/// An adapter named <c>moody</c> whose answers depend on its parameter <c>salt</c>, on the instance's value, and on a mood that changes with time: status,
/// message, direct response, how long and how often they hold, or that it fails. Quotas and generated attributes depend on no mood.
/// </summary>
internal sealed class MoodyAdapter : Adapter
{
    private static readonly StatusCode[] Statuses =
        [StatusCode.Ok, StatusCode.Ok, StatusCode.Ok, StatusCode.Ok, StatusCode.PermissionDenied, StatusCode.NotFound, StatusCode.Unavailable];

    private static readonly int[] Milliseconds = [0, 30, 150, 1000, 1000, 2000, 3000, 3500];

    private static readonly int[] Uses = [-1, -1, -1, -1, 0, 1, 3, 50, 1000, 1000, 1000];

    /// <summary>What the answers depend on beside the request.</summary>
    public int Mood { get; set; }

    public override AdapterDescriptor Descriptor { get; } =
        new("moody", ["checknothing", "listentry", "quota", "kubernetes"], reader => new Settings(reader.Text("salt")));

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new Handler(this, ((Settings)definition.Parameters).Salt);

    private sealed record Settings(string Salt);

    private sealed class Handler(MoodyAdapter adapter, string salt) : ICheckHandler, IQuotaHandler, IAttributeGenerator
    {
        private readonly uint _salt = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(salt));

        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken)
        {
            uint draw = Draw(instance, (uint)adapter.Mood);
            if (draw % 23 == 0)
            {
                throw new IOException("the backend is in no mood");
            }

            StatusCode status = Statuses[draw / 23 % Statuses.Length];
            var life = TimeSpan.FromMilliseconds(Milliseconds[draw / 193 % Milliseconds.Length]);
            CheckResult result = CheckResult.Create(status, status == StatusCode.Ok ? "" : $"no {draw % 3}", life, Uses[draw / 1543 % Uses.Length]);
            return new(status != StatusCode.Ok && draw % 5 == 0
                ? result with { DirectResponse = new DirectHttpResponse(403, $"body {draw % 7}", [KeyValuePair.Create("x-why", "mood")]) }
                : result);
        }

        public ValueTask<QuotaResult> AllocateAsync(InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken) =>
            new(new QuotaResult(Draw(instance, 0) % 3 == 0 ? 0 : arguments.Amount, TimeSpan.FromSeconds(1)));

        public ValueTask GenerateAsync(InstanceValues instance, GeneratorOutput output, CancellationToken cancellationToken)
        {
            const int SourceNamespace = 4;
            uint draw = Draw(instance, 0);
            if (draw % 3 > 0)
            {
                output.SetBytes(SourceNamespace, draw % 3 == 1 ? "shop"u8 : "bank"u8);
            }

            return default;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private uint Draw(InstanceValues instance, uint mood)
        {
            uint hash = (_salt + mood) * 0x9e37_79b1;
            for (int i = 0; i < instance.Count; i++)
            {
                hash = (hash ^ XxHash32.HashToUInt32(instance.GetBytes(i).Span)) * 0x85eb_ca77;
            }

            return hash ^ (hash >> 15);
        }
    }
}
