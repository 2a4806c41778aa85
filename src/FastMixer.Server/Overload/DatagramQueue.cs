using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FastMixer.Server.Overload;

/// <summary>
/// The datagrams that wait in a socket's buffer. The probe is a datagram from this process, which nobody else can make: a byte that begins no message, a secret,
/// and a number, so that one that was given up and comes late is no measurement.
/// </summary>
internal sealed class DatagramQueue : ProbedQueue
{
    private const byte NeverUsed = 0xc1;
    private const int SecretBytes = 16;
    private const int ProbeBytes = 1 + SecretBytes + sizeof(long);

    private readonly byte[] _probe = new byte[ProbeBytes];
    private readonly Socket _sender;
    private readonly EndPoint _target;
    private long _number;

    /// <summary>The queue of a bound socket.</summary>
    public DatagramQueue(OverloadMonitor monitor, Socket socket)
        : base(monitor)
    {
        var bound = (IPEndPoint)socket.LocalEndPoint!;
        _target = new IPEndPoint(
            bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound.Address,
            bound.Port);
        _sender = new Socket(socket.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _probe[0] = NeverUsed;
        RandomNumberGenerator.Fill(_probe.AsSpan(1, SecretBytes));
    }

    /// <summary>Takes a datagram that is the probe, and is to be answered by nothing.</summary>
    /// <param name="datagram">What came.</param>
    public bool TryTake(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length != ProbeBytes || !datagram[..(1 + SecretBytes)].SequenceEqual(_probe.AsSpan(0, 1 + SecretBytes)))
        {
            return false;
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(datagram[(1 + SecretBytes)..]) == Volatile.Read(ref _number) && Arrive())
        {
            Send();
        }

        return true;
    }

    /// <inheritdoc/>
    protected override bool MayLose => true;

    /// <inheritdoc/>
    protected override bool TryPost()
    {
        Span<byte> probe = stackalloc byte[ProbeBytes];
        _probe.CopyTo(probe);
        BinaryPrimitives.WriteInt64LittleEndian(probe[(1 + SecretBytes)..], Interlocked.Increment(ref _number));
        try
        {
            return _sender.SendTo(probe, SocketFlags.None, _target) == ProbeBytes;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The system has no room for it, or the server ends: nothing is measured this time.
            return false;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _sender.Dispose();
}
