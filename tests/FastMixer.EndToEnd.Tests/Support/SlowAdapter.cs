using System.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>
/// An adapter named <c>slow</c> that allows everything after keeping its thread busy for <c>spin</c> microseconds, or, where that is 0, when
/// <see cref="Open"/> is called.
/// </summary>
internal sealed class SlowAdapter : Adapter
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public override AdapterDescriptor Descriptor { get; } =
        new("slow", ["checknothing"], reader => new Settings(reader.Int32("spin", 0, 0, int.MaxValue)));

    /// <summary>Checks that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>A policy whose paths below <c>/slow</c> take some time.</summary>
    public static string Policy(int spinMicroseconds) => $$"""
        kind: handler
        metadata: {name: busy}
        spec: {compiledAdapter: slow, params: {spin: {{spinMicroseconds}} } }
        ---
        kind: instance
        metadata: {name: any}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: slow}
        spec:
          match: request.path.startsWith("/slow")
          actions: [{handler: busy, instances: [any]}]
        """;

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new Handler(this, ((Settings)definition.Parameters).Spin);

    /// <summary>Lets all that wait, and will, go on.</summary>
    public void Open() => _gate.TrySetResult();

    private sealed record Settings(int Spin);

    private sealed class Handler(SlowAdapter adapter, int spin) : ICheckHandler
    {
        private static readonly CheckResult Allowed = CheckResult.Create(StatusCode.Ok, "", TimeSpan.FromSeconds(1), 1);

        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken)
        {
            if (spin == 0)
            {
                return WaitAsync();
            }

            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(spin))
            {
            }

            return new(Allowed);
        }

        public ValueTask DisposeAsync() => default;

        private async ValueTask<CheckResult> WaitAsync()
        {
            Interlocked.Increment(ref adapter._waiting);
            await adapter._gate.Task;
            return Allowed;
        }
    }
}
