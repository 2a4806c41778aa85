using System.Text;
using FastMixer.Client.Calls;
using FastMixer.Client.Channels;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Connections;

/// <summary>
/// Asks one server for verdicts and hands it reports, over one connection that all callers share. Thread-safe. Connects when first
/// called, and again after a connection is lost. Attributes are encoded before a call returns its task: the writer is then free.
/// </summary>
public sealed class MixerConnection : IAsyncDisposable
{
    private const int MaxDeduplicationIdBytes = 64;

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    private readonly ClientContext _context;
    private readonly CallPool<Verdict> _checks;
    private readonly CallPool<Acknowledgement> _reports;
    private readonly CallPool<TimeSpan> _pings;
    private readonly CallPool<Welcome> _hellos;
    private readonly ChannelSource _channels;

    /// <summary>A client; nothing is sent yet.</summary>
    /// <param name="options">Which server, and how.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which, and the range.</exception>
    public MixerConnection(MixerConnectionOptions options, TimeProvider? timeProvider = null)
    {
        Validate(options);
        _context = new ClientContext(options, timeProvider ?? TimeProvider.System);
        _channels = new ChannelSource(_context);
        _checks = new CallPool<Verdict>(options.MaxInFlight, options.RunContinuationsAsynchronously);
        _reports = new CallPool<Acknowledgement>(options.MaxInFlight, options.RunContinuationsAsynchronously);
        _pings = new CallPool<TimeSpan>(options.MaxInFlight, options.RunContinuationsAsynchronously);
        _hellos = new CallPool<Welcome>(capacity: 1, options.RunContinuationsAsynchronously);
    }

    /// <summary>What the server said when it welcomed the newest connection; null before, and over UDP before <see cref="ConnectAsync"/>.</summary>
    public Welcome? Server => _channels.Welcome;

    /// <summary>Whether the server has said that it stops; the next call goes to a new connection.</summary>
    public bool IsGoingAway => _channels.Current is { IsGoingAway: true };

    /// <summary>How many words an <see cref="AttributeWriter"/> may use: what both sides know, those of version 1 until the server has told.</summary>
    public int WordCount => Math.Min(Server?.WordCount ?? WordList.Version1Count, ClientContext.OwnWordCount);

    /// <summary>The digest of the policy that the server was last heard to run, the same at each server that runs it; 0 if it has not told.</summary>
    public ulong Policy => _context.Policy;

    /// <summary>What was counted so far.</summary>
    public MixerConnectionStatistics Statistics => _context.Counters.Read();

    /// <summary>Connects, unless connected. Calls do so by themselves; this is for those who want to know beforehand.</summary>
    /// <param name="cancellationToken">Ends the wait, not the connecting.</param>
    public ValueTask<Welcome> ConnectAsync(CancellationToken cancellationToken = default)
    {
        if (_context.Options.Server.IsStream)
        {
            return new ValueTask<Welcome>(_channels.GetPatiently().Welcomed.WaitAsync(cancellationToken));
        }

        using var none = new AttributeWriter();
        return _channels.Start(_hellos, new HelloMessage(_context.Name, none, ClientContext.OwnWordCount), cancellationToken);
    }

    /// <summary>Asks whether a request may pass.</summary>
    /// <param name="attributes">The request's attributes beyond the base.</param>
    /// <param name="cancellationToken">Ends the wait; an answer that still comes is dropped.</param>
    public ValueTask<Verdict> CheckAsync(AttributeWriter attributes, CancellationToken cancellationToken = default) =>
        CheckAsync(attributes, [], null, cancellationToken);

    /// <summary>Asks whether a request may pass, and takes quotas if it may.</summary>
    /// <param name="attributes">The request's attributes beyond the base.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="deduplicationId">
    /// The same for each sending of one logical call, so that a retry does not take twice; at most 64 bytes of UTF-8; null for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; an answer that still comes is dropped.</param>
    public ValueTask<Verdict> CheckAsync(
        AttributeWriter attributes,
        IReadOnlyList<QuotaRequest> quotas,
        string? deduplicationId,
        CancellationToken cancellationToken = default) =>
        _channels.Start(_checks, new CheckMessage(attributes, quotas, DeduplicationId(quotas, deduplicationId), _context.Options.Timeout), cancellationToken);

    /// <summary>Hands over records of finished requests. Refused ones should be sent again, as the acknowledgement says.</summary>
    /// <param name="records">Each holding all attributes beyond the base; they travel as what changed from one to the next.</param>
    /// <param name="cancellationToken">Ends the wait; the server may have taken the records all the same.</param>
    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken = default) =>
        _channels.Start(_reports, new ReportMessage(records, _context.Inherited), cancellationToken);

    /// <summary>Asks whether the server is there.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How long the answer took.</returns>
    public ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        _channels.Start(_pings, new PingMessage(MessageKind.Ping), cancellationToken);

    /// <summary>Closes the connection; calls in flight fail with <see cref="MixerUnavailableException"/>.</summary>
    public ValueTask DisposeAsync() => _channels.DisposeAsync();

    // A datagram may arrive twice, so what takes from a quota by datagram always needs an id to be recognised by.
    private ReadOnlyMemory<byte> DeduplicationId(IReadOnlyList<QuotaRequest> quotas, string? deduplicationId)
    {
        if (string.IsNullOrEmpty(deduplicationId))
        {
            return quotas.Count > 0 && !_context.Options.Server.IsStream ? Encoding.UTF8.GetBytes(Guid.NewGuid().ToString("N")) : default;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(deduplicationId);
        return utf8.Length <= MaxDeduplicationIdBytes
            ? utf8
            : throw new ArgumentException($"It takes {utf8.Length} bytes of UTF-8, and {MaxDeduplicationIdBytes} are the most.", nameof(deduplicationId));
    }

    private static void Validate(MixerConnectionOptions options)
    {
        OptionRange.Require(options.Timeout, TimeSpan.FromMilliseconds(1), LongestTimeout, nameof(options.Timeout));
        OptionRange.Require(options.ConnectTimeout, TimeSpan.FromMilliseconds(1), LongestTimeout, nameof(options.ConnectTimeout));
        OptionRange.Require(options.ReconnectDelay, TimeSpan.FromMilliseconds(1), LongestTimeout, nameof(options.ReconnectDelay));
        OptionRange.Require(options.MaxReconnectDelay, options.ReconnectDelay, LongestTimeout, nameof(options.MaxReconnectDelay));
        OptionRange.Require(options.MaxInFlight, 1, 65_536, nameof(options.MaxInFlight));
        OptionRange.Require(
            options.DatagramPadding, ProtocolLimits.MinDatagramBytes, ProtocolLimits.Default.MaxDatagramBytes, nameof(options.DatagramPadding));
        OptionRange.Require(options.DatagramAttempts, 1, 1_000, nameof(options.DatagramAttempts));
        OptionRange.Require(Encoding.UTF8.GetByteCount(options.Name), 0, ProtocolLimits.Default.MaxNameBytes, nameof(options.Name) + " in bytes");
        if (options.BaseAttributes is not null && !options.Server.IsStream)
        {
            throw new ArgumentException(
                $"{options.Server} takes datagrams, which have no base attributes: put them into each request, or use a stream.",
                nameof(options));
        }
    }
}
