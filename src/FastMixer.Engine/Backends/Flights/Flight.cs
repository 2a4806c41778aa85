using FastMixer.Engine.Backends.Answers;
using FastMixer.Engine.Checks;
using FastMixer.Policy.Rules;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>
/// One question on its way to a backend, or waiting for a free place, and the checks that wait for its answer. Pooled. Belongs to its
/// <see cref="FlightBoard"/>, whose lock guards what changes while it flies.
/// </summary>
#pragma warning disable CA1001 // The source of its token has no timer and no handle; whoever cancels it may come later than anybody could dispose it.
internal sealed class Flight : IThreadPoolWorkItem
#pragma warning restore CA1001
{
    private static readonly ObjectPool<Flight> Pool = new DefaultObjectPoolProvider { MaximumRetained = 1024 }.Create<Flight>();

    private readonly LinkedListNode<Flight> _place;
    private readonly CancellationTokenSource _cancellation = new();
    private WaiterList _waiters;
    private FlightBoard _board = null!;
    private long _joined;
    private long _tookOff;
    private bool _outlived;

    /// <summary>A flight, to be rented.</summary>
    public Flight() => _place = new LinkedListNode<Flight>(this);

    /// <summary>Its key, and room for its answer.</summary>
    public AnswerRoom Room { get; } = new();

    /// <summary>What is asked; a copy, since the flight may outlive the check that it began with.</summary>
    public InstanceValues Instance { get; } = new();

    /// <summary>What may help out if it fails, or is late.</summary>
    public LastGood? LastGood { get; private set; }

    /// <summary>Its place among those that wait for a free place, if it is one of them.</summary>
    public LinkedListNode<Flight> Place => _place;

    /// <summary>Whether it goes on although nobody waits: stale answers were given, and are given to all that come.</summary>
    public bool IsInBackground { get; private set; }

    /// <summary>Whether it ends because nobody waits any more, or the handler ends. Never taken back.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>When the first of its waiters gives up.</summary>
    public CheckDeadline EarliestDeadline { get; private set; }

    /// <summary>How many wait.</summary>
    public int WaiterCount => _waiters.Count;

    /// <summary>Cancelled when it ends early.</summary>
    public CancellationToken CancellationToken => _cancellation.Token;

    private CheckDeadline LatestDeadline { get; set; }

    /// <summary>A flight that has not begun.</summary>
    /// <param name="board">Whose it is.</param>
    /// <param name="room">Its key.</param>
    /// <param name="instance">What is asked; copied.</param>
    /// <param name="lastGood">What may help out.</param>
    public static Flight Rent(FlightBoard board, AnswerRoom room, InstanceValues instance, LastGood? lastGood)
    {
        Flight flight = Pool.Get();
        flight._board = board;
        flight._joined = board.Clock.Time.GetTimestamp();
        flight.Room.SetKey(room);
        flight.Instance.CopyFrom(instance);
        flight.LastGood = lastGood;
        return flight;
    }

    /// <summary>How long ago the first check began to wait for it.</summary>
    public TimeSpan Age => _board.Clock.Time.GetElapsedTime(_joined);

    /// <summary>How long it has been on its way, after it has taken off.</summary>
    public TimeSpan Flown => _board.Clock.Time.GetElapsedTime(_tookOff);

    /// <summary>How much time is left before the last of those that wait now gives up; never below zero.</summary>
    public TimeSpan Patience => LatestDeadline.Remaining(_board.Clock.Time);

    /// <summary>Adds a waiter.</summary>
    public void Add(Waiter waiter)
    {
        bool isFirst = WaiterCount == 0;
        EarliestDeadline = isFirst ? waiter.Deadline : CheckDeadline.Earlier(EarliestDeadline, waiter.Deadline);
        LatestDeadline = isFirst ? waiter.Deadline : CheckDeadline.Later(LatestDeadline, waiter.Deadline);
        waiter.LastGood = LastGood;
        _waiters.Add(waiter);
    }

    /// <summary>Takes all waiters.</summary>
    public WaiterList TakeWaiters()
    {
        EarliestDeadline = CheckDeadline.None;
        return _waiters.TakeAll();
    }

    /// <summary>Takes the waiters whose deadlines have passed.</summary>
    /// <param name="late">Takes them.</param>
    public void TakeLate(ref WaiterList late)
    {
        TimeProvider time = _board.Clock.Time;
        WaiterList all = TakeWaiters();
        while (all.Take() is { } waiter)
        {
            if (waiter.Deadline.HasPassed(time))
            {
                late.Add(waiter);
            }
            else
            {
                Add(waiter);
            }
        }
    }

    /// <summary>Takes all waiters, and lets it go on without any for as long as a question may take.</summary>
    public WaiterList ContinueInBackground()
    {
        IsInBackground = true;
        LatestDeadline = CheckDeadline.None;
        return TakeWaiters();
    }

    /// <summary>Nobody waits any more. It is to be cancelled then, outside the lock.</summary>
    public void Abandon() => IsAbandoned = true;

    /// <summary>It takes off.</summary>
    public void NoteTakeOff() => _tookOff = _board.Clock.Time.GetTimestamp();

    /// <summary>Ends it early. What an adapter does when it hears of that runs elsewhere, and what it throws then is of no interest.</summary>
    public void Cancel() => _ = _cancellation.CancelAsync();

    /// <summary>Its adapter went on with the question after its time: what it asks with cannot be used for another.</summary>
    public void NoteOutlived() => _outlived = true;

    /// <summary>Takes off on a thread of the pool.</summary>
    void IThreadPoolWorkItem.Execute() => _board.TakeOff(this);

    /// <summary>
    /// Gives it back, once it has landed. One that was abandoned is not used again, for its canceller may still hold it; nor is one whose adapter may.
    /// </summary>
    public void Return()
    {
        if (IsAbandoned || _outlived || !_cancellation.TryReset())
        {
            return;
        }

        Instance.Release();
        (LastGood, IsInBackground, _board) = (null, false, null!);
        Pool.Return(this);
    }
}
