using System.Threading.Channels;
using FastMixer.Client;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Replay;

/// <summary>
/// Gathers requests into reports and sends them over one connection, one after the other. Refused records are sent again when the server
/// says, until it has refused the same ones too often. Used by one task.
/// </summary>
/// <param name="target">The connection.</param>
/// <param name="attributes">Makes the records.</param>
/// <param name="options">How to replay.</param>
/// <param name="summary">Counts.</param>
/// <param name="patience">Tells when to give up.</param>
/// <param name="time">The clock.</param>
internal sealed class ReportSender(
    IReplayTarget target, SidecarAttributes attributes, ReplayOptions options, ReplaySummary summary, Patience patience, TimeProvider time)
    : IDisposable
{
    /// <summary>How many records a report holds at most.</summary>
    public const int MaxRecords = 100;

    /// <summary>How often in a row the server may refuse all of a report before its records are given up.</summary>
    public const int MaxFutileAttempts = 20;

    // Someone may pipe a growing log in: what came is sent after this, also if it is few.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private readonly AttributeWriter[] _records = [.. Enumerable.Range(0, MaxRecords).Select(_ => new AttributeWriter())];

    /// <summary>Sends all requests of a channel until it is completed.</summary>
    /// <param name="entries">The requests.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False if the server is gone.</returns>
    public async Task<bool> RunAsync(ChannelReader<AccessLogEntry> entries, CancellationToken cancellationToken)
    {
        while (await entries.WaitToReadAsync(cancellationToken))
        {
            int count = await FillAsync(entries, cancellationToken);
            if (!await SendAsync(_records.AsMemory(0, count), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_records, record => record.Dispose());

    private async Task<int> FillAsync(ChannelReader<AccessLogEntry> entries, CancellationToken cancellationToken)
    {
        int count = 0;
        int bytes = 0;
        Task? lingering = null;
        while (count < MaxRecords && bytes < options.ReportBytes)
        {
            if (entries.TryRead(out AccessLogEntry? entry))
            {
                attributes.WriteReport(entry, _records[count]);
                bytes += _records[count].MaxBytes;
                count++;
                continue;
            }

            lingering ??= Task.Delay(Linger, time, cancellationToken);
            Task<bool> more = entries.WaitToReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(more, lingering) == lingering || !await more)
            {
                break;
            }
        }

        return count;
    }

    private async Task<bool> SendAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken)
    {
        for (int futile = 0; futile < MaxFutileAttempts;)
        {
            Acknowledgement acknowledgement;
            try
            {
                acknowledgement = await target.ReportAsync(records, cancellationToken);
            }
            catch (MixerException exception)
            {
                // Without an answer the server may have taken them all the same: sending again could count them twice.
                summary.AddUndelivered(records.Length, exception);
                return !patience.IsExhaustedBy(exception);
            }

            patience.Answered();
            int refused = Math.Clamp(acknowledgement.Refused, 0, records.Length);
            summary.AddAcknowledgement(records.Length - refused, refused);
            if (refused == 0)
            {
                return true;
            }

            futile = refused == records.Length ? futile + 1 : 0;
            records = records[^refused..];
            TimeSpan pause = acknowledgement.RetryAfter > ShortestPause ? acknowledgement.RetryAfter : ShortestPause;
            await Task.Delay(pause, time, cancellationToken);
        }

        summary.AddUndelivered(records.Length, cause: null);
        return true;
    }
}
