using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests;

/// <summary>A listening stream socket whose connections the test answers by hand.</summary>
public sealed class FakeServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<FakeConnection> _connections = [];

    private FakeServer(Socket listener, MixerAddress address)
    {
        _listener = listener;
        Address = address;
    }

    public MixerAddress Address { get; }

    public static FakeServer Tcp(int port = 0)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return new FakeServer(listener, MixerAddress.Parse($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}"));
    }

    public static FakeServer Unix()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fm-{Guid.NewGuid():N}.sock");
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return new FakeServer(listener, MixerAddress.Parse($"unix://{path}"));
    }

    /// <summary>The next connection, before its hello.</summary>
    public async Task<FakeConnection> AcceptAsync(CancellationToken? stop = null)
    {
        var connection = new FakeConnection(await _listener.AcceptAsync(stop ?? TestContext.Current.CancellationToken));
        _connections.Add(connection);
        return connection;
    }

    /// <summary>The next connection, welcomed.</summary>
    public async Task<FakeConnection> WelcomeAsync(ProtocolLimits? limits = null, int wordCount = 266)
    {
        FakeConnection connection = await AcceptAsync();
        FakeMessage hello = await connection.ReadAsync();
        Assert.Equal(MessageKind.Hello, hello.Kind);
        await connection.SendAsync(Answers.Welcome(hello.Id, limits, wordCount));
        return connection;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _connections.ForEach(connection => connection.Dispose());
        if (Address.Transport == Transport.Unix)
        {
            File.Delete(Address.Host);
        }
    }
}

/// <summary>One connection of a <see cref="FakeServer"/>.</summary>
public sealed class FakeConnection(Socket socket) : IDisposable
{
    /// <summary>The next frame.</summary>
    public async Task<FakeMessage> ReadAsync(CancellationToken? stop = null)
    {
        CancellationToken token = stop ?? TestContext.Current.CancellationToken;
        byte[] prefix = await ReadBytesAsync(4, token) ?? throw new EndOfStreamException("The client closed.");
        return new FakeMessage((await ReadBytesAsync((int)BinaryPrimitives.ReadUInt32BigEndian(prefix), token))!);
    }

    /// <summary>Reads until the client has closed its side.</summary>
    public async Task<int> ReadToEndAsync()
    {
        byte[] rest = new byte[65_536];
        int total = 0;
        while (await socket.ReceiveAsync(rest.AsMemory(), SocketFlags.None, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }

    public async Task SendAsync(params byte[][] frames)
    {
        byte[] all = [.. frames.SelectMany(frame => frame)];
        await socket.SendAsync(all.AsMemory(), SocketFlags.None, TestContext.Current.CancellationToken);
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    public void Reset() => socket.Close(0);

    public void Dispose() => socket.Dispose();

    private async Task<byte[]?> ReadBytesAsync(int count, CancellationToken token)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(done), SocketFlags.None, token);
            if (read == 0)
            {
                return null;
            }

            done += read;
        }

        return bytes;
    }
}

/// <summary>A UDP socket that the test answers by hand.</summary>
public sealed class FakeDatagramServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private EndPoint _client = new IPEndPoint(IPAddress.Any, 0);

    public FakeDatagramServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = MixerAddress.Parse($"udp://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}");
    }

    public MixerAddress Address { get; }

    public async Task<FakeMessage> ReadAsync()
    {
        byte[] bytes = new byte[65_536];
        SocketReceiveFromResult result = await _socket.ReceiveFromAsync(
            bytes.AsMemory(), SocketFlags.None, _client, TestContext.Current.CancellationToken);
        _client = result.RemoteEndPoint;
        return new FakeMessage(bytes[..result.ReceivedBytes]);
    }

    public async Task SendAsync(byte[] datagram) =>
        await _socket.SendToAsync(datagram.AsMemory(), SocketFlags.None, _client, TestContext.Current.CancellationToken);

    public void Dispose() => _socket.Dispose();
}
