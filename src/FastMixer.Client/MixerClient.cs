using FastMixer.Client.Attributes;
using FastMixer.Client.Cache;
using FastMixer.Client.Diagnostics;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Client.Reports;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Client;

/// <summary>
/// What a proxy links to ask a fleet of FastMixer servers for verdicts and to hand them reports: most checks are answered from verdicts kept in the process, reports
/// leave in batches, and the servers look like one that never fails. One client serves a whole process; any thread may call any member.
/// <code>
/// await using var client = new MixerClient(new() { Servers = new() { Addresses = ["tcp://localhost:9191"] } });
/// using RequestAttributes request = client.Rent();
/// request.Set("request.path", "/admin");
/// CheckResult result = await client.CheckAsync(request);
/// request.Set("response.code", result.HttpStatus);
/// client.Report(request);
/// </code>
/// </summary>
public sealed class MixerClient : IAsyncDisposable
{
    private readonly AttributeSpace _space;
    private readonly ServerFleet _fleet;
    private readonly QuotaPools _quotas;
    private readonly ReportGatherer _reports;
    private readonly Checks _checks;
    private readonly ClientMeter _meter;
    private readonly Lazy<Task> _end;

    /// <summary>A client; it begins to connect at once.</summary>
    /// <param name="options">Which servers, and how.</param>
    /// <param name="loggers">Told of servers that fail and come back, and of records that are lost; null for nobody.</param>
    /// <param name="meters">Makes the meter; null for one of its own.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which, and the range.</exception>
    public MixerClient(
        MixerClientOptions options,
        ILoggerFactory? loggers = null,
        System.Diagnostics.Metrics.IMeterFactory? meters = null,
        TimeProvider? clock = null)
    {
        options.Validate();
        clock ??= TimeProvider.System;
        ILogger logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger(ClientDiagnostics.Name);
        _space = new AttributeSpace(options);
        _fleet = new ServerFleet(options, _space, clock, logger);
        _quotas = new QuotaPools(options.Quotas, _space, _fleet, clock, options.Timeout);
        _reports = new ReportGatherer(options.Reports, _space, _fleet, clock, logger);
        _checks = new Checks(options, _space, _fleet, _quotas, clock);
        _meter = new ClientMeter(this, meters);
        _end = new Lazy<Task>(EndAsync);
    }

    /// <summary>What was counted so far.</summary>
    public MixerClientStatistics Statistics => new(_checks.Counts, _quotas.Counts, _reports.Counts, _fleet.Counts);

    /// <summary>The key of an attribute, to be kept and used for many requests.</summary>
    /// <param name="name">An attribute of the standard vocabulary, or of <see cref="MixerClientOptions.Attributes"/>.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public AttributeKey Key(string name) => _space.Key(name);

    /// <summary>
    /// Attributes to fill for one request, to be given back by <see cref="RequestAttributes.Dispose"/>. Allocates only while more are out than ever before.
    /// </summary>
    /// <param name="prepared">What they start from; null for the client's base alone.</param>
    public RequestAttributes Rent(PreparedAttributes? prepared = null) => _space.Rent(prepared);

    /// <summary>
    /// Asks whether a request may pass. Answered from a kept verdict, the task has completed when it is returned, and nothing is allocated. It does not fail because
    /// servers do: then the result's <see cref="CheckResult.Origin"/> is <see cref="CheckOrigin.Stale"/> or <see cref="CheckOrigin.Unavailable"/>.
    /// </summary>
    /// <param name="attributes">The request's; free when the call returns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MixerErrorException">A server found the attributes wrong, such as one of another type than its policy declares.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of, and no verdict is kept.</exception>
    public ValueTask<CheckResult> CheckAsync(RequestAttributes attributes, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CheckResult>(cancellationToken)
            : _checks.CheckAsync(attributes, cancellationToken);

    /// <summary>
    /// Asks whether a request may pass, and takes from quotas if it may. Where the verdict is kept and the amounts were taken ahead, the task has completed when it is
    /// returned. A quota that grants nothing denies the request as <see cref="StatusCode.ResourceExhausted"/>.
    /// </summary>
    /// <param name="attributes">The request's; free when the call returns.</param>
    /// <param name="quotas">What to take, at most 16; not to be changed until the task has completed.</param>
    /// <param name="cancellationToken">Ends the wait; what was taken stays taken.</param>
    /// <exception cref="MixerErrorException">A server found the attributes wrong.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed of, and a server would have to be asked.</exception>
    public ValueTask<CheckResult> CheckAsync(
        RequestAttributes attributes, IReadOnlyList<QuotaRequest> quotas, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<CheckResult>(cancellationToken)
        : quotas.Count == 0 ? _checks.CheckAsync(attributes, cancellationToken)
        : _checks.CheckAsync(attributes, quotas, cancellationToken);

    /// <summary>Hands over a record of a finished request. Never waits and never fails: what can't be kept until it is sent is counted.</summary>
    /// <param name="attributes">All that is known of the request; free when the call returns.</param>
    /// <returns>Whether it is kept; else it is dropped, and counted.</returns>
    public bool Report(RequestAttributes attributes) => _reports.TryAdd(attributes);

    /// <summary>Sends the records that wait now.</summary>
    /// <param name="cancellationToken">Ends the wait, not the sending.</param>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _reports.FlushAsync(cancellationToken);

    /// <summary>
    /// Sends the records that wait, gives unused quotas back, and closes the connections. Checks in flight are answered as where no server answers. Whoever calls it, and
    /// however often, it is done once, and over when the task has completed.
    /// </summary>
    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        await _reports.DisposeAsync().ConfigureAwait(false);
        await _quotas.DisposeAsync().ConfigureAwait(false);
        await _fleet.DisposeAsync().ConfigureAwait(false);
        _checks.Dispose();
        _meter.Dispose();
    }
}
