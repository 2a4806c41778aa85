using System.Text;
using FastMixer.Client.Attributes;
using FastMixer.Client.Calls;
using FastMixer.Client.Channels;
using FastMixer.Client.Connections;
using FastMixer.Client.Fleet.Counts;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Fleet;

/// <summary>What the servers of one fleet share. Thread-safe.</summary>
internal sealed class FleetContext
{
    // A fleet has pauses of its own between probes; these are those of a check that has nobody else to ask.
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxReconnectDelay = TimeSpan.FromSeconds(1);

    private const int PooledCalls = 4096;

    private readonly MixerClientOptions _options;
    private readonly byte[] _hello;

    /// <summary>A context.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="space">The attributes, for the base that each hello says.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">Told of changes.</param>
    public FleetContext(MixerClientOptions options, AttributeSpace space, TimeProvider clock, ILogger logger)
    {
        _options = options;
        Clock = clock;
        Logger = logger;
        _hello = EncodeHello(options.Name, space);
    }

    /// <summary>How the fleet behaves.</summary>
    public FleetOptions Options => _options.Servers;

    /// <summary>How long a check may take, with all servers it tries; a report and a probe too.</summary>
    public TimeSpan Timeout => _options.Timeout;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The log.</summary>
    public ILogger Logger { get; }

    /// <summary>What is counted.</summary>
    public FleetCounters Counters { get; } = new();

    /// <summary>The policies that servers have told.</summary>
    public PolicyLedger Policies { get; } = new();

    /// <summary>Checks in flight and those to be used again.</summary>
    public CallPool<Verdict> Checks { get; } = new(PooledCalls, runContinuationsAsynchronously: true);

    /// <summary>Reports in flight and those to be used again.</summary>
    public CallPool<Acknowledgement> Reports { get; } = new(PooledCalls, runContinuationsAsynchronously: true);

    /// <summary>Probes in flight and those to be used again.</summary>
    public CallPool<TimeSpan> Pings { get; } = new(PooledCalls, runContinuationsAsynchronously: true);

    /// <summary>What the connections to one server share.</summary>
    /// <param name="address">The server.</param>
    /// <param name="observer">Told what becomes of the connections.</param>
    public ClientContext ContextFor(MixerAddress address, IChannelObserver observer) => new(
        new MixerConnectionOptions
        {
            Server = address,
            Name = _options.Name,
            Timeout = _options.Timeout,
            ReconnectDelay = ReconnectDelay,
            MaxReconnectDelay = MaxReconnectDelay,
            MaxInFlight = Options.MaxInFlight,
            DatagramPadding = Options.DatagramPadding,
        },
        Clock,
        _hello,
        observer);

    /// <summary>A time span in the units of the clock's timestamps.</summary>
    /// <param name="span">The span.</param>
    public long ToTimestamps(TimeSpan span) => (long)(span.TotalSeconds * Clock.TimestampFrequency);

    private static byte[] EncodeHello(string name, AttributeSpace space)
    {
        using var buffer = new PooledBuffer();
        var hello = new FleetHello(Encoding.UTF8.GetBytes(name), space);
        buffer.Advance(RequestEncoder.Encode(buffer, hello, ClientContext.HelloId, framed: true));
        return buffer.Written.ToArray();
    }

    private readonly struct FleetHello(byte[] name, AttributeSpace space) : IRequest
    {
        /// <inheritdoc/>
        public int SizeHint => 1024;

        /// <inheritdoc/>
        public void Write(ref WireWriter writer, uint id)
        {
            Hello.WriteStart(ref writer, id, ClientContext.OwnWordCount, name);
            if (space.Base is { } root)
            {
                new AttributeEncoder(space.Vocabulary).WriteMap(ref writer, root, root: null);
            }
            else
            {
                writer.WriteMapHeader(0);
            }
        }
    }
}
