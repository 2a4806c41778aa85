namespace FastMixer.Client.Reports;

/// <summary>Those who wait until the records of some moment have come to their ends. Any thread may add; the rest belongs to one worker.</summary>
internal sealed class ReportFlushes
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private long _target;

    /// <summary>How many records must not wait any more, of all ever added; 0 if nobody waits.</summary>
    public long Target => Interlocked.Read(ref _target);

    /// <summary>Waits.</summary>
    /// <param name="added">How many records were added by now.</param>
    /// <returns>Completes when all of them were sent and acknowledged, or counted otherwise.</returns>
    public Task AddAsync(long added)
    {
        var waiter = new Waiter(added);
        lock (_lock)
        {
            _waiters.Add(waiter);
            Interlocked.Exchange(ref _target, Math.Max(_target, added));
        }

        return waiter.Ended.Task;
    }

    /// <summary>Completes those whose records have ended.</summary>
    /// <param name="gone">How many records do not wait any more.</param>
    /// <param name="oldest">The number of the oldest batch that has not ended.</param>
    /// <param name="next">The number that the next batch will have.</param>
    public void Complete(long gone, long oldest, long next)
    {
        lock (_lock)
        {
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                Waiter waiter = _waiters[i];
                if (waiter.Added > gone)
                {
                    continue;
                }

                waiter.Batches ??= next;
                if (oldest >= waiter.Batches)
                {
                    _waiters.RemoveAt(i);
                    waiter.Ended.TrySetResult();
                }
            }

            Interlocked.Exchange(ref _target, _waiters.Count == 0 ? 0 : _waiters.Max(static waiter => waiter.Added));
        }
    }

    private sealed class Waiter(long added)
    {
        public long Added { get; } = added;

        // Once its records are in batches: the number behind the last of these.
        public long? Batches { get; set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
