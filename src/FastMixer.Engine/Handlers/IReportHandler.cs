using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Handlers;

/// <summary>
/// A handler that takes reports. Between the rules and the handler stands a bounded ring and a worker of the handler's own, both the engine's: the
/// handler is called by that worker only, one call at a time, never on a thread that reads sockets, and so needs no lock and may wait for its
/// backend. It neither buffers nor retries: what waits, for how long and how often is tried again is the engine's business.
/// </summary>
public interface IReportHandler : IHandler
{
    /// <summary>How instances wait for the handler, and how many come at once. Read once, before the first call.</summary>
    ReportBuffering Buffering => ReportBuffering.Default;

    /// <summary>
    /// How the instances of a metric are summed up for the handler, which must then be an <see cref="IMetricExporter"/> or <see cref="IMetricReader"/>;
    /// null to get each one by <see cref="DeliverAsync"/>. Called for each instance when a configuration is put in force, on any thread; the answer
    /// must always be the same for the same handler and instance.
    /// </summary>
    /// <param name="instance">An instance that a rule sends to the handler.</param>
    MetricDefinition? Aggregate(Instance instance) => null;

    /// <summary>
    /// Delivers a batch to the backend. When the task completes, what the batch still holds counts as delivered. When it fails, what the batch still
    /// holds is offered again, later and perhaps with more, until <see cref="ReportRetry.MaxAttempts"/> is used up; so an adapter that
    /// sends a batch in parts tells of each part that has arrived by <see cref="ReportBatch.Confirm"/>.
    /// </summary>
    /// <param name="batch">At least one record; may be read until the task completes.</param>
    /// <param name="cancellationToken">Cancelled when the time for an attempt (<see cref="ReportRetry.Timeout"/>) or for the drain is over.</param>
    /// <exception cref="Exception">The backend did not take the batch.</exception>
    ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken);
}

/// <summary>A handler to which metrics are brought summed up, as what was added since the last time: for backends that are sent to.</summary>
public interface IMetricExporter : IReportHandler
{
    /// <summary>How long values are summed up before they are exported. At least 1 ms. Read once.</summary>
    TimeSpan ExportInterval { get; }

    /// <summary>
    /// Sends what was added since the last export. When the task completes, all of it counts as delivered. When it fails, what was not
    /// confirmed (<see cref="MetricSeriesSet.Confirm"/>) is part of the next export, together with what was added meanwhile: nothing is lost, and
    /// nothing grows.
    /// </summary>
    /// <param name="export">At least one series; may be read until the task completes, also while more is added for the next export.</param>
    /// <param name="cancellationToken">Cancelled when the time for an attempt or for the drain is over.</param>
    /// <exception cref="Exception">The backend did not take it.</exception>
    ValueTask ExportAsync(MetricExport export, CancellationToken cancellationToken);
}

/// <summary>A handler whose backend comes and reads totals: metrics are summed up from their first instance on, and never set back.</summary>
public interface IMetricReader : IReportHandler
{
    /// <summary>How long the handler may wait when it ends, for its backend to read the totals once more; so much longer it may take.</summary>
    TimeSpan LastReadTime => TimeSpan.Zero;

    /// <summary>Called once, before any other call but <see cref="IReportHandler.Aggregate"/>.</summary>
    /// <param name="source">Where totals are read from.</param>
    void Attach(IMetricSource source);
}

/// <summary>The metrics of one handler. Any thread may call.</summary>
public interface IMetricSource
{
    /// <summary>Reads all totals between two instances, so that they agree with each other: on the handler's worker, which counts nothing meanwhile.</summary>
    /// <param name="read">Reads them; nothing of what it is given may be used later. Must not block.</param>
    /// <returns>Completes when they are read; fails with what <paramref name="read"/> throws, or an <see cref="ObjectDisposedException"/> if the handler has ended.</returns>
    Task ReadAsync(Action<MetricTotals> read);
}
