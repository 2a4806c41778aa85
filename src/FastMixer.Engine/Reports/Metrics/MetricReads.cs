using System.Collections.Concurrent;
using FastMixer.Engine.Handlers;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>Reads of totals, each of which waits until the handler's worker serves it between two instances. Any thread may ask.</summary>
/// <param name="tables">What is read.</param>
/// <param name="wake">Calls for the worker; a full memory barrier.</param>
internal sealed class MetricReads(MetricTables tables, Action wake)
{
    private readonly ConcurrentQueue<(Action<MetricTotals> Read, TaskCompletionSource Done)> _waiting = new();
    private int _closed;

    /// <summary>Asks for a read: <see cref="IMetricSource.ReadAsync"/>.</summary>
    public Task ReadAsync(Action<MetricTotals> read)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((read, done));
        wake();

        // Pairs with the barrier in Close: either it is refused there, or here.
        if (Volatile.Read(ref _closed) != 0)
        {
            RefuseAll();
        }

        return done.Task;
    }

    /// <summary>Serves those that wait. For the worker.</summary>
    public void Serve()
    {
        while (_waiting.TryDequeue(out (Action<MetricTotals> Read, TaskCompletionSource Done) request))
        {
            try
            {
                request.Read(new MetricTotals(tables.Sets()));
                request.Done.SetResult();
            }
#pragma warning disable CA1031 // It is the reader's, who gets it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                request.Done.SetException(exception);
            }
        }
    }

    /// <summary>Refuses those that wait, and all that come.</summary>
    public void Close()
    {
        Interlocked.Exchange(ref _closed, 1);
        RefuseAll();
    }

    private void RefuseAll()
    {
        while (_waiting.TryDequeue(out (Action<MetricTotals> Read, TaskCompletionSource Done) request))
        {
            request.Done.SetException(new ObjectDisposedException(nameof(IMetricSource), "The handler has ended."));
        }
    }
}
