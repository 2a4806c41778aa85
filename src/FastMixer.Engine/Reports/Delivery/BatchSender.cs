using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Accounting;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>Brings batches to a handler, one at a time, again and again until each is settled. Used by the handler's worker.</summary>
internal sealed class BatchSender : IDisposable
{
    private readonly IReportHandler _handler;
    private readonly ReportRetry _settings;
    private readonly HandlerCounters _counters;
    private readonly TimeProvider _time;
    private readonly Action _done;
    private readonly Attempt _attempt;
    private readonly Pauses _pauses;
    private readonly CancellationTokenSource _givenUp = new();
    private int _busy;

    /// <summary>No batch is under way.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="time">The time to go by.</param>
    /// <param name="done">Called on any thread when a batch that was not settled at once is settled.</param>
    public BatchSender(IReportHandler handler, HandlerCounters counters, TimeProvider time, Action done)
    {
        _handler = handler;
        _settings = handler.Buffering.Retry;
        _counters = counters;
        _time = time;
        _done = done;
        _attempt = new Attempt(time, _settings.Timeout);
        _pauses = new Pauses(_settings);
    }

    /// <summary>Whether a batch is under way.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    /// <summary>Delivers a batch. No allocation if the handler takes it at once.</summary>
    /// <param name="batch">The batch; belongs to the sender while it <see cref="IsBusy"/>. Settled and empty then.</param>
    public void Send(ReportBatch batch)
    {
        Volatile.Write(ref _busy, 1);
        if (_pauses.Next != TimeSpan.Zero || _givenUp.IsCancellationRequested)
        {
            _ = SettleAsync(batch, null);
            return;
        }

        ValueTask first = Begin(batch);
        if (first.IsCompletedSuccessfully)
        {
            _attempt.End();
            batch.Confirm(batch.Count);
            batch.Reset();
            Volatile.Write(ref _busy, 0);
        }
        else
        {
            _ = SettleAsync(batch, first);
        }
    }

    /// <summary>Ends all attempts: what is not delivered is dropped.</summary>
    public void GiveUp()
    {
        _givenUp.Cancel();
        _attempt.GiveUp();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attempt.Dispose();
        _givenUp.Dispose();
    }

    private ValueTask Begin(ReportBatch batch)
    {
        try
        {
            return _handler.DeliverAsync(batch, _attempt.Begin());
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failure to deliver.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ValueTask.FromException(exception);
        }
    }

    private async Task SettleAsync(ReportBatch batch, ValueTask? first)
    {
        int attempts = first is null ? 0 : 1;
        bool delivered = first is { } begun && await SucceedsAsync(begun).ConfigureAwait(false);
        while (!delivered && batch.Count > 0 && attempts < _settings.MaxAttempts && !_givenUp.IsCancellationRequested)
        {
            await Task.Delay(_pauses.Next, _time, _givenUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_givenUp.IsCancellationRequested)
            {
                attempts++;
                delivered = await SucceedsAsync(Begin(batch)).ConfigureAwait(false);
            }
        }

        if (delivered)
        {
            batch.Confirm(batch.Count);
        }
        else
        {
            batch.Drop(_givenUp.IsCancellationRequested ? DropReason.Shutdown : DropReason.HandlerError);
        }

        batch.Reset();
        Volatile.Write(ref _busy, 0);
        _done();
    }

    private async ValueTask<bool> SucceedsAsync(ValueTask attempt)
    {
        try
        {
            await attempt.ConfigureAwait(false);
            _pauses.Succeed();
            return true;
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failure to deliver.
        catch (Exception)
#pragma warning restore CA1031
        {
            _pauses.Fail();
            _counters.CountFailedAttempt();
            return false;
        }
        finally
        {
            _attempt.End();
        }
    }
}
