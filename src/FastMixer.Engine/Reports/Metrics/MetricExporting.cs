using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>Exports the metrics of a handler, one export at a time, every interval, later while the backend fails. Used by the handler's worker.</summary>
internal sealed class MetricExporting : IDisposable
{
    private readonly IMetricExporter _exporter;
    private readonly MetricTables _tables;
    private readonly HandlerCounters _counters;
    private readonly TimeProvider _time;
    private readonly Action _done;
    private readonly Attempt _attempt;
    private readonly Pauses _pauses;
    private DateTimeOffset _from;
    private long _lastBegan;
    private int _state;

    /// <summary>Nothing is under way.</summary>
    /// <param name="exporter">The handler.</param>
    /// <param name="tables">Its metrics.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="done">Called on any thread when an export has ended; then <see cref="TryEnd"/> must be.</param>
    public MetricExporting(IMetricExporter exporter, MetricTables tables, HandlerCounters counters, TimeProvider time, Action done)
    {
        _exporter = exporter;
        _tables = tables;
        _counters = counters;
        _time = time;
        _done = done;
        _attempt = new Attempt(time, exporter.Buffering.Retry.Timeout);
        _pauses = new Pauses(exporter.Buffering.Retry);
        _from = time.GetUtcNow();
        _lastBegan = time.GetTimestamp();
    }

    private enum State
    {
        Idle,
        Exporting,
        Succeeded,
        Failed,
    }

    /// <summary>Whether an export is under way, or not ended yet.</summary>
    public bool IsBusy => Volatile.Read(ref _state) != (int)State.Idle;

    /// <summary>How long until the next export.</summary>
    /// <param name="isLast">Whether the handler ends, so that only the pauses after failures are kept.</param>
    public TimeSpan Due(bool isLast)
    {
        TimeSpan interval = isLast ? TimeSpan.Zero : _exporter.ExportInterval;
        TimeSpan wait = (interval > _pauses.Next ? interval : _pauses.Next) - _time.GetElapsedTime(_lastBegan);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Begins an export, if there is anything to export.</summary>
    /// <returns>False if there is nothing.</returns>
    public bool TryBegin()
    {
        _lastBegan = _time.GetTimestamp();
        if (!_tables.TakeOut())
        {
            return false;
        }

        Volatile.Write(ref _state, (int)State.Exporting);
        _ = ExportAsync(new MetricExport(_tables.Sets(), _from, _time.GetUtcNow()));
        return true;
    }

    /// <summary>Takes note of an export that has ended.</summary>
    public void TryEnd()
    {
        State state = (State)Volatile.Read(ref _state);
        if (state is State.Succeeded or State.Failed)
        {
            Volatile.Write(ref _state, (int)State.Idle);
            if (state == State.Succeeded)
            {
                _tables.EndExport();
            }
        }
    }

    /// <summary>Ends all attempts.</summary>
    public void GiveUp() => _attempt.GiveUp();

    /// <inheritdoc/>
    public void Dispose() => _attempt.Dispose();

    private async Task ExportAsync(MetricExport export)
    {
        State end = State.Succeeded;
        try
        {
            await _exporter.ExportAsync(export, _attempt.Begin()).ConfigureAwait(false);
            _pauses.Succeed();
            _from = export.To;
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failure to export.
        catch (Exception)
#pragma warning restore CA1031
        {
            end = State.Failed;
            _pauses.Fail();
            _counters.CountFailedAttempt();
        }

        _attempt.End();
        Volatile.Write(ref _state, (int)end);
        _done();
    }
}
