using System.Threading.Channels;
using FastMixer.Cli.Attributes;
using FastMixer.Client;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Replay;

/// <summary>
/// Replays a log in three stages with bounded channels between: one task reads and parses, as many as may be in flight ask for
/// verdicts, and one for each connection reports. A slow stage holds up those before it; nothing grows with the log.
/// </summary>
/// <param name="options">How to replay.</param>
/// <param name="targets">The connections.</param>
/// <param name="operatorsOwn">Attributes that hold for all requests.</param>
/// <param name="inherited">Whether the connections' base says those.</param>
/// <param name="summary">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayRunner(
    ReplayOptions options,
    IReadOnlyList<IReplayTarget> targets,
    AttributeSet operatorsOwn,
    bool inherited,
    ReplaySummary summary,
    TimeProvider time)
{
    private const int FewestUnanswered = 100;

    private readonly Channel<AccessLogEntry> _requests = NewChannel();
    private readonly Channel<AccessLogEntry>[] _finished = [.. targets.Select(_ => NewChannel())];
    private readonly Patience _patience = new(Math.Max(FewestUnanswered, 4 * options.Depth * targets.Count));

    /// <summary>Replays lines until they end, the server is gone, or somebody interrupts; the summary tells.</summary>
    /// <param name="lines">The log.</param>
    /// <param name="cancellationToken">The interruption.</param>
    /// <exception cref="InputException">The log cannot be read on.</exception>
    public async Task RunAsync(IAsyncEnumerable<LogLine> lines, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long start = time.GetTimestamp();
        try
        {
            await Task.WhenAll(
                StageAsync(ReadAsync(lines, stop.Token), [_requests], stop),
                StageAsync(AskAsync(stop), _finished, stop),
                StageAsync(ReportAsync(stop), [], stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            summary.End("interrupted", serverIsGone: false);
        }
        finally
        {
            summary.Elapsed = time.GetElapsedTime(start);
        }
    }

    // As many requests as wait between two stages: enough to keep both busy, little enough to be no memory.
    private static Channel<AccessLogEntry> NewChannel() => Channel.CreateBounded<AccessLogEntry>(1024);

    private static async Task StageAsync(Task work, Channel<AccessLogEntry>[] next, CancellationTokenSource stop)
    {
        try
        {
            await work;
        }
        catch
        {
            // The stages before this one would wait for room for ever.
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            Array.ForEach(next, channel => channel.Writer.TryComplete());
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<LogLine> lines, CancellationToken cancellationToken)
    {
        long left = options.Limit;
        if (left <= 0)
        {
            return;
        }

        await foreach (LogLine line in lines.WithCancellation(cancellationToken))
        {
            summary.AddLine();
            if (AccessLogParser.TryParse(line, options.Format, out AccessLogEntry? entry, out string? why))
            {
                await _requests.Writer.WriteAsync(entry, cancellationToken);
            }
            else
            {
                summary.AddNotParsed(line.Number, why);
            }

            if (--left == 0)
            {
                break;
            }
        }
    }

    private Task AskAsync(CancellationTokenSource stop)
    {
        int askers = options.Checks ? options.Depth : 1;
        return Task.WhenAll(
            from connection in Enumerable.Range(0, targets.Count)
            from asker in Enumerable.Range(0, askers)
            select AskAsync(targets[connection], _finished[connection].Writer, stop));
    }

    private async Task AskAsync(IReplayTarget target, ChannelWriter<AccessLogEntry> finished, CancellationTokenSource stop)
    {
        using var writer = new AttributeWriter();
        var attributes = new SidecarAttributes(operatorsOwn, inherited);
        await foreach (AccessLogEntry entry in _requests.Reader.ReadAllAsync(stop.Token))
        {
            if (options.Checks)
            {
                attributes.WriteCheck(entry, writer);
                await CheckAsync(target, entry, writer, stop);
            }

            if (options.Reports)
            {
                await finished.WriteAsync(entry, stop.Token);
            }
        }
    }

    private async ValueTask CheckAsync(IReplayTarget target, AccessLogEntry entry, AttributeWriter writer, CancellationTokenSource stop)
    {
        long start = time.GetTimestamp();
        try
        {
            Verdict verdict = await target.CheckAsync(writer, stop.Token);
            summary.AddVerdict(entry, verdict, time.GetElapsedTime(start));
            _patience.Answered();
        }
        catch (MixerException exception)
        {
            summary.AddFailure(exception);
            if (_patience.IsExhaustedBy(exception))
            {
                await GiveUpAsync(stop);
            }
        }
    }

    private Task ReportAsync(CancellationTokenSource stop) => Task.WhenAll(targets.Select(async (target, connection) =>
    {
        var attributes = new SidecarAttributes(operatorsOwn, inherited);
        using var sender = new ReportSender(target, attributes, options, summary, _patience, time);
        if (!await sender.RunAsync(_finished[connection].Reader, stop.Token))
        {
            await GiveUpAsync(stop);
        }
    }));

    private Task GiveUpAsync(CancellationTokenSource stop)
    {
        summary.End("the server no longer answers", serverIsGone: true);
        return stop.CancelAsync();
    }
}
