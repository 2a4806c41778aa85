using FastMixer.Engine.Backends;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Snapshots;

/// <summary>A handler at work, which several snapshots may have in common: it is ended when the last of them lets it go.</summary>
/// <param name="definition">What it was made of.</param>
/// <param name="handler">The handler.</param>
/// <param name="services">What handlers share.</param>
internal sealed class SharedHandler(HandlerDefinition definition, IHandler handler, HandlerServices services)
{
    private readonly BackendHandler? _backend = handler is ICheckBackend backend ? new BackendHandler(backend, definition, services) : null;
    private int _holders;

    /// <summary>What it was made of.</summary>
    public HandlerDefinition Definition => definition;

    /// <summary>The handler.</summary>
    public IHandler Handler => handler;

    /// <summary>What brings reports to it, if it takes any.</summary>
    public ReportWorker? Reports { get; } = handler is IReportHandler reports
        ? new ReportWorker(reports, services.Time, new ReportFaults(services.Loggers, definition.FullName))
        : null;

    /// <summary>What stands before its backend, if its checks are answered by one.</summary>
    public BackendHandler? Backend => _backend;

    /// <summary>Counts one more snapshot that has it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Counts one less.</summary>
    /// <returns>Whether it was the last: the handler must be ended now.</returns>
    public bool LetGo() => Interlocked.Decrement(ref _holders) == 0;

    /// <summary>
    /// Brings to it what waits, then ends it, on a thread of the pool. Never fails, and never takes longer than <see cref="MixerEngine.MaxEndTime"/> and
    /// what <see cref="IMetricReader.LastReadTime"/> adds.
    /// </summary>
    /// <returns>What went wrong, or null.</returns>
    public async Task<HandlerEndFailure?> EndAsync()
    {
        Task ending = Task.Run(EndInOrderAsync);
        TimeSpan longest = MixerEngine.MaxEndTime + ((handler as IMetricReader)?.LastReadTime ?? TimeSpan.Zero);
        try
        {
            await ending.WaitAsync(longest, services.Time).ConfigureAwait(false);
            return Reports?.Counters.Dropped(DropReason.Shutdown) is > 0 and var lost
                ? new HandlerEndFailure(definition.FullName, $"{lost} instances of reports could not be delivered before it ended")
                : null;
        }
        catch (TimeoutException) when (!ending.IsCompleted)
        {
            return new HandlerEndFailure(definition.FullName, $"it did not end within {longest.TotalSeconds} s");
        }
#pragma warning disable CA1031 // Whatever one handler throws, the others must be ended too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new HandlerEndFailure(definition.FullName, exception.Message);
        }
    }

    private async Task EndInOrderAsync()
    {
        if (_backend is not null)
        {
            await _backend.DisposeAsync().ConfigureAwait(false);
        }

        if (Reports is not null)
        {
            await Reports.StopAsync(MixerEngine.MaxReportDrainTime).ConfigureAwait(false);
        }

        try
        {
            await handler.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // Its thread, its memory and those who wait for totals are no business of the handler.
            if (Reports is not null)
            {
                await Reports.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
