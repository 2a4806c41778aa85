using System.Threading.Tasks.Sources;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Client.Calls;

/// <summary>
/// A call that waits for its answer. Whoever takes it out of <see cref="PendingCalls"/> completes it, so it is completed once; the caller's
/// await then gives it back to its pool.
/// </summary>
internal abstract class PendingCall
{
    /// <summary>The correlation id, while it waits.</summary>
    public uint Id { get; set; }

    /// <summary>When it began, as a timestamp of the clock.</summary>
    public long Started { get; set; }

    /// <summary>How many changes of the policy the server had announced on the connection when it began.</summary>
    public int Announcements { get; set; }

    /// <summary>When it has waited long enough.</summary>
    public long Deadline { get; set; }

    /// <summary>How long it waits, in units of the clock's timestamps; 0 for as long as the options say.</summary>
    public long Patience { get; set; }

    /// <summary>When its datagram is to be sent again. Guarded by the table's lock.</summary>
    public long NextAttempt { get; set; } = long.MaxValue;

    /// <summary>How often its datagram was sent. Guarded by the table's lock.</summary>
    public int Attempts { get; set; }

    /// <summary>Its datagram, kept for sending again; null on streams.</summary>
    public PooledBuffer? Datagram { get; set; }

    /// <summary>The table it waits in.</summary>
    public PendingCalls? Table { get; set; }

    /// <summary>Ends the call without an answer.</summary>
    /// <param name="exception">Why; one of its own, since many threads will throw it.</param>
    public abstract void Fail(Exception exception);
}

/// <summary>A call that waits for an answer of one kind: the value behind a <see cref="ValueTask{TResult}"/>.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed class PendingCall<T> : PendingCall, IValueTaskSource<T>
{
    private readonly CallPool<T> _pool;
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellationToken;

    public PendingCall(CallPool<T> pool, bool runContinuationsAsynchronously)
    {
        _pool = pool;
        _core.RunContinuationsAsynchronously = runContinuationsAsynchronously;
    }

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <summary>Ends the call with its answer.</summary>
    /// <param name="answer">The answer.</param>
    public void Succeed(T answer) => _core.SetResult(answer);

    /// <inheritdoc/>
    public override void Fail(Exception exception) => _core.SetException(exception);

    /// <summary>Lets a token end the call. To be called before the caller has the task, so that the call can't be in the pool yet.</summary>
    /// <param name="cancellationToken">The token.</param>
    public void ObserveCancellation(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellationToken = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(static state => ((PendingCall<T>)state!).Cancel(), this);
        }
    }

    /// <inheritdoc/>
    public T GetResult(short token)
    {
        // Throws for a task that was awaited before, whose call may be another's by now: that must not reach the pool again.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The call has no result yet: await its task.");
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (Table?.TryRemove(this) == true)
        {
            Fail(new OperationCanceledException(_cancellationToken));
        }
    }

    private void Recycle()
    {
        // Waits for a cancellation under way, which holds no lock while it completes calls; none can come for this use afterwards.
        _registration.Dispose();
        _registration = default;
        _cancellationToken = default;
        Table = null;
        Attempts = 0;
        Patience = 0;
        NextAttempt = long.MaxValue;
        Datagram?.Reset();
        _core.Reset();
        _pool.Return(this);
    }
}
