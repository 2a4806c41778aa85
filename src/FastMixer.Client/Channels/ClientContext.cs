using System.Text;
using FastMixer.Client.Calls;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Channels;

/// <summary>What the connections of one client share. Thread-safe.</summary>
internal sealed class ClientContext
{
    /// <summary>The id of a hello on a stream; no call in a table ever has it.</summary>
    public const uint HelloId = 1;

    private ulong _policy;

    /// <summary>A context with a hello that is written already, such as one that several servers get.</summary>
    /// <param name="options">Which server, and how; its base attributes are those of the hello.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="hello">The first frame of each stream.</param>
    /// <param name="observer">Told what becomes of connections.</param>
    public ClientContext(MixerConnectionOptions options, TimeProvider clock, ReadOnlyMemory<byte> hello, IChannelObserver observer)
    {
        Options = options;
        Clock = clock;
        Backoff = new Backoff(options.ReconnectDelay, options.MaxReconnectDelay, clock);
        Name = Encoding.UTF8.GetBytes(options.Name);
        Hello = hello;
        Observer = observer;
    }

    public ClientContext(MixerConnectionOptions options, TimeProvider clock)
    {
        Options = options with { BaseAttributes = null };
        Clock = clock;
        Backoff = new Backoff(options.ReconnectDelay, options.MaxReconnectDelay, clock);
        Name = Encoding.UTF8.GetBytes(options.Name);
        Inherited = options.BaseAttributes?.Copy();
        if (options.Server.IsStream)
        {
            using var none = new AttributeWriter();
            using var buffer = new PooledBuffer();
            var hello = new HelloMessage(Name, Inherited ?? none, OwnWordCount, HelloFeatures.PolicyChanges);
            buffer.Advance(RequestEncoder.Encode(buffer, hello, HelloId, framed: true));
            Hello = buffer.Written.ToArray();
        }
    }

    /// <summary>How many words this build knows.</summary>
    public static int OwnWordCount => WordList.Standard.Count;

    /// <summary>The options, without the base attributes, whose writer may be in other use by now.</summary>
    public MixerConnectionOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The pauses between attempts to connect.</summary>
    public Backoff Backoff { get; }

    /// <summary>What is counted.</summary>
    public ClientCounters Counters { get; } = new();

    /// <summary>Told what becomes of connections; null for nobody.</summary>
    public IChannelObserver? Observer { get; }

    /// <summary>
    /// Told the digest of another policy, on the thread that received it: must neither block nor throw. Verdicts of other policies are not to be reused from
    /// then on, except where no server answers.
    /// </summary>
    public Action<ulong>? PolicyChanged { get; set; }

    /// <summary>The digest of the policy that the server was last heard to run; 0 if it has not told.</summary>
    public ulong Policy => Volatile.Read(ref _policy);

    /// <summary>The client's name, UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>The base attributes, as the hello says them; null for none. Never changes, so that any thread may read it.</summary>
    public AttributeWriter? Inherited { get; }

    /// <summary>The first frame of each stream; empty for datagrams.</summary>
    public ReadOnlyMemory<byte> Hello { get; }

    /// <summary>Notes which policy the server runs.</summary>
    /// <param name="policy">Its digest, or 0 if it does not tell.</param>
    public void NotePolicy(ulong policy)
    {
        if (Interlocked.Exchange(ref _policy, policy) != policy)
        {
            PolicyChanged?.Invoke(policy);
        }
    }

    /// <summary>A time span in the units of the clock's timestamps.</summary>
    /// <param name="span">The span.</param>
    public long ToTimestamps(TimeSpan span) => (long)(span.TotalSeconds * Clock.TimestampFrequency);
}
