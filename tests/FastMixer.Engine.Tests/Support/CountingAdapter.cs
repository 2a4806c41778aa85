using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Tests.Support;

/// <summary>
/// An adapter named <c>counting</c>, of which every handler is remembered. Its parameter <c>mode</c> is <c>ok</c>; <c>wait</c>, so that its checks
/// wait for <see cref="Gate"/>; <c>hold</c>, so that its reports do; <c>stay</c>, so that its end does; <c>fall</c>, so that its end fails; or
/// <c>fail</c>, so that it cannot be made.
/// </summary>
internal sealed class CountingAdapter : Adapter
{
    private readonly List<Handler> _made = [];

    public override AdapterDescriptor Descriptor { get; } = new(
        "counting", ["checknothing", "reportnothing"], reader => new Settings(reader.Text("mode", "ok"), reader.Text("label")));

    /// <summary>What waiting checks wait for.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every handler that was made, in their order.</summary>
    public IReadOnlyList<Handler> Made
    {
        get
        {
            lock (_made)
            {
                return [.. _made];
            }
        }
    }

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        var settings = (Settings)definition.Parameters;
        if (settings.Mode == "fail")
        {
            throw new IOException("no such backend");
        }

        var handler = new Handler(definition.FullName, settings, Gate.Task);
        lock (_made)
        {
            _made.Add(handler);
        }

        return handler;
    }

    internal sealed record Settings(string Mode, string Label);

    internal sealed class Handler(string name, Settings settings, Task gate) : ICheckHandler, IReportHandler
    {
        private int _checks;
        private int _reports;
        private int _ended;
        private int _usedAfterEnd;

        public string Name => name;

        public string Label => settings.Label;

        public int Checks => Volatile.Read(ref _checks);

        public int Reports => Volatile.Read(ref _reports);

        public int Ended => Volatile.Read(ref _ended);

        public int UsedAfterEnd => Volatile.Read(ref _usedAfterEnd);

        public async ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _checks);
            if (settings.Mode == "wait")
            {
                await gate;
            }

            NoteUse();
            return CheckResult.Allowed;
        }

        public async ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref _reports, batch.Count);
            if (settings.Mode == "hold")
            {
                await gate;
            }

            NoteUse();
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _ended);
            return settings.Mode switch
            {
                "stay" => new ValueTask(gate),
                "fall" => throw new IOException("the backend does not let go"),
                _ => ValueTask.CompletedTask,
            };
        }

        private void NoteUse()
        {
            if (Ended > 0)
            {
                Interlocked.Increment(ref _usedAfterEnd);
            }
        }
    }
}
