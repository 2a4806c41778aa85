using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastMixer.Adapters.Tests.Fluentd;

/// <summary>What a <see cref="ForwardServer"/> does with a message.</summary>
internal enum Reaction
{
    /// <summary>Acknowledges it, as the protocol asks for.</summary>
    Acknowledge,

    /// <summary>Reads it and says nothing.</summary>
    StaySilent,

    /// <summary>Resets the connection.</summary>
    Reset,

    /// <summary>Acknowledges another message.</summary>
    AcknowledgeAnother,

    /// <summary>Sends what is no acknowledgement, and no end of it.</summary>
    SendNonsense,
}

/// <summary>A message as it came.</summary>
internal sealed record ForwardMessage(string Tag, IReadOnlyList<ForwardEntry> Entries, string Chunk, long Size);

/// <summary>An entry of it, the time in nanoseconds since 1970.</summary>
internal sealed record ForwardEntry(long Time, IReadOnlyDictionary<string, object?> Record);

/// <summary>A server of the forward protocol that notes every message it acknowledges.</summary>
internal sealed class ForwardServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<ForwardMessage> _messages = new();
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly Task _accepting;
    private int _accepted;
    private int _received;

    public ForwardServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>What is done with a message, given how many came before it.</summary>
    public Func<int, Reaction> React { get; set; } = static _ => Reaction.Acknowledge;

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>The messages that were acknowledged.</summary>
    public IReadOnlyList<ForwardMessage> Messages => [.. _messages];

    public IReadOnlyList<ForwardEntry> Entries => [.. _messages.SelectMany(message => message.Entries)];

    public int Connections => Volatile.Read(ref _accepted);

    /// <summary>Messages that came, acknowledged or not.</summary>
    public int Received => Volatile.Read(ref _received);

    /// <summary>Closes the connections there are.</summary>
    public void Disconnect()
    {
        while (_connections.TryTake(out Socket? connection))
        {
            connection.Shutdown(SocketShutdown.Both);
            connection.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (Socket connection in _connections)
        {
            connection.Dispose();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                Socket connection = await _listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                _connections.Add(connection);
                serving.Add(ServeAsync(connection));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await connection.ReceiveAsync(buffer, SocketFlags.None) is > 0 and var read)
            {
                bytes.AddRange(buffer.AsSpan(0, read));
                while (TryTake(bytes) is { } message && await AnswerAsync(connection, message))
                {
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            bytes.Clear();
        }
    }

    private async Task<bool> AnswerAsync(Socket connection, ForwardMessage message)
    {
        Reaction reaction = React(Interlocked.Increment(ref _received) - 1);
        switch (reaction)
        {
            case Reaction.Acknowledge:
                _messages.Enqueue(message);
                await connection.SendAsync(Acknowledgement(message.Chunk), SocketFlags.None);
                return true;
            case Reaction.AcknowledgeAnother:
                await connection.SendAsync(Acknowledgement(new string('A', message.Chunk.Length)), SocketFlags.None);
                return true;
            case Reaction.SendNonsense:
                await connection.SendAsync(Enumerable.Repeat((byte)0x91, 4096).ToArray(), SocketFlags.None);
                return true;
            case Reaction.Reset:
                connection.LingerState = new LingerOption(enable: true, seconds: 0);
                connection.Dispose();
                return false;
            default:
                return true;
        }
    }

    private static ForwardMessage? TryTake(List<byte> bytes)
    {
        var reader = new MessagePackText(bytes.ToArray());
        try
        {
            var parts = (List<object?>)reader.Read()!;
            bytes.RemoveRange(0, reader.Position);
            Assert.Equal(3, parts.Count);
            var options = (Dictionary<string, object?>)parts[2]!;
            return new ForwardMessage(
                (string)parts[0]!, [.. ((List<object?>)parts[1]!).Select(ReadEntry)], (string)options["chunk"]!, (long)options["size"]!);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    private static ForwardEntry ReadEntry(object? entry)
    {
        var parts = (List<object?>)entry!;
        Assert.Equal(2, parts.Count);
        (int type, byte[] time) = ((int, byte[]))parts[0]!;
        Assert.Equal((0, 8), (type, time.Length));
        long seconds = BinaryPrimitives.ReadUInt32BigEndian(time);
        return new ForwardEntry(
            (seconds * 1_000_000_000) + BinaryPrimitives.ReadUInt32BigEndian(time.AsSpan(4)), (Dictionary<string, object?>)parts[1]!);
    }

    private static byte[] Acknowledgement(string chunk) => [0x81, 0xa3, .. "ack"u8, (byte)(0xa0 | chunk.Length), .. Encoding.UTF8.GetBytes(chunk)];
}
