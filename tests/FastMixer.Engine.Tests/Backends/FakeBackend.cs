using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Tests.Backends;

/// <summary>
/// An adapter named <c>backend</c> whose handlers ask a backend that does what a test says: by <see cref="Answer"/>, or else each call waits until the
/// test completes it.
/// </summary>
internal sealed class FakeBackend : Adapter
{
    private readonly List<Call> _calls = [];
    private int _ended;

    public override AdapterDescriptor Descriptor { get; } = new("backend", ["checknothing", "listentry", "authorization"], reader => reader.Text("label"))
    {
        HasBackend = true,
    };

    /// <summary>What the backend does with a call, given its number from 0; null to let it wait.</summary>
    public Func<Call, ValueTask<CheckResult>>? Answer { get; set; }

    /// <summary>Every call so far.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>How many calls there were.</summary>
    public int Count
    {
        get
        {
            lock (_calls)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>How many handlers have ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public static CheckResult Allowed(double seconds = 10, int uses = -1) => new(Protocol.Messages.StatusCode.Ok, default, TimeSpan.FromSeconds(seconds), uses);

    public static CheckResult Denied(string message = "no", double seconds = 10) =>
        CheckResult.Create(Protocol.Messages.StatusCode.PermissionDenied, message, TimeSpan.FromSeconds(seconds), -1);

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) => new Handler(this, (string)definition.Parameters);

    private ValueTask<CheckResult> Ask(string label, InstanceValues instance, CancellationToken cancellationToken)
    {
        Call call;
        lock (_calls)
        {
            call = new Call(_calls.Count, label, Describe(instance), cancellationToken);
            _calls.Add(call);
        }

        return Answer is { } answer ? answer(call) : new ValueTask<CheckResult>(call.Completion.Task);
    }

    private static string Describe(InstanceValues instance) =>
        instance.Instance.IndexOf("value") is >= 0 and var value ? Encoding.UTF8.GetString(instance.GetBytes(value).Span) : "";

    internal sealed record Call(int Number, string Label, string Value, CancellationToken Token)
    {
        public TaskCompletionSource<CheckResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Handler(FakeBackend backend, string label) : ICheckBackend
    {
        public ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken) =>
            backend.Ask(label, instance, cancellationToken);

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref backend._ended);
            return default;
        }
    }
}
