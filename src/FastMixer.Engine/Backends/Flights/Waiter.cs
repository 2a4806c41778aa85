using System.Threading.Tasks.Sources;
using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Checks;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>
/// One check that waits for a flight. Pooled: it is given back when its answer is taken, which must be done exactly once. Whoever takes it from its
/// flight answers it.
/// </summary>
internal sealed class Waiter : IValueTaskSource<HandlerAnswer>, IThreadPoolWorkItem
{
    private const int Retained = 16 * 1024;

    private static readonly ObjectPool<Waiter> Pool = new DefaultObjectPoolProvider { MaximumRetained = Retained }.Create<Waiter>();

    private ManualResetValueTaskSourceCore<HandlerAnswer> _answered;
    private HandlerAnswer _answer;

    /// <summary>When it gives up.</summary>
    public CheckDeadline Deadline { get; private set; }

    /// <summary>The next in the list that it is in.</summary>
    public Waiter? Next { get; set; }

    /// <summary>What may help out if it gives up.</summary>
    public LastGood? LastGood { get; set; }

    /// <summary>Its answer, once.</summary>
    public ValueTask<HandlerAnswer> Answered => new(this, _answered.Version);

    /// <summary>A waiter.</summary>
    /// <param name="deadline">When it gives up.</param>
    public static Waiter Rent(CheckDeadline deadline)
    {
        Waiter waiter = Pool.Get();
        waiter.Deadline = deadline;
        return waiter;
    }

    /// <summary>Answers it; what waits for the answer runs before the call returns.</summary>
    public void Answer(in HandlerAnswer answer) => _answered.SetResult(answer);

    /// <summary>Answers it on a thread of the pool. No allocation.</summary>
    public void AnswerLater(in HandlerAnswer answer)
    {
        _answer = answer;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Answer(_answer);

    /// <inheritdoc/>
    HandlerAnswer IValueTaskSource<HandlerAnswer>.GetResult(short token)
    {
        HandlerAnswer answer = _answered.GetResult(token);
        _answered.Reset();
        (_answer, Next, LastGood) = (default, null, null);
        Pool.Return(this);
        return answer;
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<HandlerAnswer>.GetStatus(short token) => _answered.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<HandlerAnswer>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answered.OnCompleted(continuation, state, token, flags);
}
