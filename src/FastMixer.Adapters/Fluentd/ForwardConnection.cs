using System.Net.Sockets;

namespace FastMixer.Adapters.Fluentd;

/// <summary>A connection to a server, made when it is needed and given up at the first failure. One call at a time.</summary>
internal sealed class ForwardConnection(BackendAddress address) : IDisposable
{
    // More than one acknowledgement, so that there is always room for the rest of one.
    private readonly byte[] _received = new byte[1024];
    private Socket? _socket;
    private int _length;

    /// <summary>Connects, unless a connection is there that the server has not closed.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        // Readable with nothing asked for: the server has closed it, or says what nobody can understand.
        if (_socket is not null && _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            Close();
        }

        if (_socket is null)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            _socket = socket;
            _length = 0;
        }
    }

    /// <summary>Sends all bytes.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket!.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Waits for an acknowledgement, <c>{"ack": id}</c>.</summary>
    /// <param name="id">The id that must be in it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The server closed the connection, or sent something else.</exception>
    public async ValueTask ReceiveAcknowledgementAsync(ReadOnlyMemory<byte> id, CancellationToken cancellationToken)
    {
        int taken;
        while (!Acknowledgement.TryRead(_received.AsSpan(0, _length), id.Span, out taken))
        {
            int read = await _socket!.ReceiveAsync(_received.AsMemory(_length), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("The server closed the connection without an acknowledgement.");
            }

            _length += read;
        }

        _received.AsSpan(taken, _length - taken).CopyTo(_received);
        _length -= taken;
    }

    /// <summary>Gives the connection up.</summary>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
