using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>A client that sends any bytes over TCP, and reads frame by frame, with blocking calls that end after a generous time.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public RawClient(MixerAddress server)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        Socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
    }

    public Socket Socket { get; }

    public static byte[] Hello(int maxVersion = 1, HelloFeatures features = HelloFeatures.None)
    {
        using var attributes = new AttributeWriter();
        byte[] frame = Encode((ref WireWriter writer) => Messages(ref writer, attributes, features));
        frame[4 + 4] = (byte)maxVersion;
        frame[4 + 3] = (byte)maxVersion;
        return frame;

        static void Messages(ref WireWriter writer, AttributeWriter attributes, HelloFeatures features) =>
            Protocol.Messages.Hello.Write(ref writer, 1, WordList.Standard.Count, "raw"u8, attributes, features);
    }

    public static byte[] Check(uint id, string path, TimeSpan patience = default)
    {
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", path);
        return Encode((ref WireWriter writer) => CheckRequest.Write(ref writer, id, attributes, [], default, patience));
    }

    public static byte[] Report(uint id, int records)
    {
        using var attributes = new AttributeWriter();
        attributes.Set("request.path", "/");
        AttributeWriter[] all = [.. Enumerable.Repeat(attributes, records)];
        return Encode((ref WireWriter writer) => ReportWriter.Write(ref writer, id, all));
    }

    public static byte[] Ping(uint id) => Frame([0x92, (byte)MessageKind.Ping, (byte)id]);

    public static byte[] Frame(ReadOnlySpan<byte> body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame.AsSpan(4));
        return frame;
    }

    public RawClient Greet()
    {
        Send(Hello());
        Assert.Equal(MessageKind.Welcome, Read().Kind);
        return this;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    public Answer Read()
    {
        Fill(4);
        int length = BinaryPrimitives.ReadInt32BigEndian(_buffer);
        Fill(length);
        var reader = new WireReader(_buffer.AsSpan(0, length));
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        if (header.Kind == MessageKind.Error)
        {
            Assert.True(ErrorMessage.TryRead(ref reader, header, out ErrorMessage? error));
            return new Answer(header.Kind, header.Id, error!.Code, error.Text);
        }

        if (header.Kind == MessageKind.Acknowledgement)
        {
            Assert.True(Acknowledgement.TryRead(ref reader, header, out Acknowledgement acknowledgement));
            return new Answer(header.Kind, header.Id, ErrorCode.None, $"{acknowledgement.Accepted} {acknowledgement.Refused}");
        }

        return new Answer(header.Kind, header.Id, ErrorCode.None, "") { Policy = PolicyOf(ref reader, header) };
    }

    /// <summary>Whether the server closes the connection, after whatever it still sends.</summary>
    public bool IsClosed()
    {
        try
        {
            while (Socket.Receive(_buffer) > 0)
            {
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset)
        {
        }

        return true;
    }

    public void Dispose() => Socket.Dispose();

    private static ulong PolicyOf(ref WireReader reader, MessageHeader header)
    {
        switch (header.Kind)
        {
            case MessageKind.Welcome:
                Assert.True(Welcome.TryRead(ref reader, header, out Welcome? welcome));
                return welcome!.Policy;
            case MessageKind.PolicyChanged:
                Assert.True(PolicyChanged.TryRead(ref reader, header, out PolicyChanged changed));
                return changed.Policy;
            default:
                return 0;
        }
    }

    private delegate void Writing(ref WireWriter writer);

    private static byte[] Encode(Writing write)
    {
        var bytes = new byte[4096];
        var writer = new WireWriter(bytes, framed: true);
        write(ref writer);
        Assert.True(writer.TryComplete(out int length));
        return bytes[..length];
    }

    private void Fill(int length)
    {
        for (int read = 0; read < length;)
        {
            int received = Socket.Receive(_buffer.AsSpan(read, length - read));
            Assert.True(received > 0, "the server closed the connection before it answered");
            read += received;
        }
    }
}

internal sealed record Answer(MessageKind Kind, uint Id, ErrorCode Code, string Text)
{
    /// <summary>The policy that a welcome or an announcement tells.</summary>
    public ulong Policy { get; init; }
}
