using System.Threading.Channels;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Engine.Reports;

/// <summary>How many reports may wait. Immutable.</summary>
public sealed record ReportOptions
{
    /// <summary>Messages that may wait for the worker.</summary>
    public int MaxMessages { get; init; } = 4096;

    /// <summary>Bytes of messages that may wait for the worker.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>When a client may send again what was refused.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>
/// Takes reports off the threads that read sockets, and lets one worker deliver them: checks never wait for reports. Bounded in messages and
/// bytes; what has no room is refused. Any thread may offer.
/// </summary>
public sealed class ReportIntake : IAsyncDisposable
{
    private readonly ReportOptions _options;
    private readonly EngineCounters _counters;
    private readonly Channel<ReportMessage> _waiting;
    private readonly ObjectPool<ReportMessage> _messages = new DefaultObjectPoolProvider { MaximumRetained = 256 }.Create(new MessagePolicy());
    private readonly ReportDelivery _delivery;
    private readonly ProtocolLimits _limits = ProtocolLimits.Default with
    {
        // Already checked against the listener's limits.
        MaxAttributes = int.MaxValue,
        MaxMapEntries = int.MaxValue,
        MaxNameBytes = int.MaxValue,
        MaxValueBytes = int.MaxValue,
        MaxRecords = int.MaxValue,
    };

    private readonly Task _working;
    private long _bytes;
    private SnapshotLease _held;

    internal ReportIntake(ReportOptions options, EngineCounters counters)
    {
        _options = options;
        _counters = counters;
        _delivery = new ReportDelivery(counters);
        _waiting = Channel.CreateBounded<ReportMessage>(new BoundedChannelOptions(options.MaxMessages) { SingleReader = true });
        _working = Task.Run(WorkAsync);
    }

    /// <summary>Takes a report, or refuses it.</summary>
    /// <param name="body">The message's body, known to be valid; copied before the call returns.</param>
    /// <param name="records">How many records it holds.</param>
    /// <param name="lease">Of the configuration it was checked with; given back when the report is delivered or refused.</param>
    /// <param name="inherited">The base attributes, decoded with that configuration; must not change any more.</param>
    /// <param name="wordCount">How many words the client may use.</param>
    public Acknowledgement Offer(ReadOnlySpan<byte> body, int records, SnapshotLease lease, AttributeBag? inherited, int wordCount)
    {
        if (Interlocked.Add(ref _bytes, body.Length) <= _options.MaxBytes)
        {
            ReportMessage message = _messages.Get();
            message.Body.Write(body);
            (message.Records, message.Lease, message.Inherited, message.WordCount) = (records, lease, inherited, wordCount);
            if (_waiting.Writer.TryWrite(message))
            {
                _counters.CountOffered(records, 0);
                return new Acknowledgement(records, 0, TimeSpan.Zero);
            }

            _messages.Return(message);
        }

        lease.Release();
        Interlocked.Add(ref _bytes, -body.Length);
        return Refuse(records);
    }

    /// <summary>Refuses a report that nobody has looked at.</summary>
    /// <param name="records">How many records it claims to hold.</param>
    public Acknowledgement Refuse(int records)
    {
        _counters.CountOffered(0, records);
        return new Acknowledgement(0, records, _options.RetryAfter);
    }

    /// <summary>Refuses what comes from now on, and delivers what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _working.ConfigureAwait(false);
        _delivery.Dispose();
    }

    private async Task WorkAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_waiting.Reader.TryRead(out ReportMessage? message))
            {
                Interlocked.Add(ref _bytes, -message.Body.Length);
                Hold(message.Lease);
                _delivery.Deliver(message, _limits);
                _messages.Return(message);
            }

            Hold(default);
        }
    }

    // One lease of the snapshot at hand is kept until its handlers have been told to send what they took; the messages' own go back before.
    private void Hold(SnapshotLease lease)
    {
        if (_held.Snapshot is not null && _held.Snapshot == lease.Snapshot)
        {
            lease.Release();
            return;
        }

        _delivery.Flush();
        if (_held.Snapshot is not null)
        {
            _held.Release();
        }

        _held = lease;
    }

    private sealed class MessagePolicy : PooledObjectPolicy<ReportMessage>
    {
        public override ReportMessage Create() => new();

        public override bool Return(ReportMessage obj)
        {
            obj.Body.Reset();
            obj.Lease = default;
            obj.Inherited = null;
            return true;
        }
    }
}
