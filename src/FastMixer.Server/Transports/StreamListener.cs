using System.Net.Sockets;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using FastMixer.Server.Sessions;

namespace FastMixer.Server.Transports;

/// <summary>Accepts connections, by TCP or at a Unix domain socket, and starts a session for each.</summary>
internal sealed class StreamListener : IListener
{
    // Out of descriptors or memory: let some connections end before the next try.
    private static readonly TimeSpan ErrorDelay = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] TooManyConnections = EncodeTooManyConnections();

    private readonly Socket _socket;
    private readonly ServerContext _context;
    private readonly SessionTable _sessions;
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;

    /// <summary>Binds the address.</summary>
    /// <exception cref="ListenException">It cannot be had.</exception>
    public StreamListener(MixerAddress address, ServerContext context, SessionTable sessions)
    {
        _context = context;
        _sessions = sessions;
        _socket = ListenSocket.Bind(address);
        _socket.Listen(context.Options.Backlog);
        Address = ListenSocket.BoundAddress(address, _socket);
    }

    /// <inheritdoc/>
    public MixerAddress Address { get; }

    /// <inheritdoc/>
    public void Start() => _accepting = AcceptAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        _stopping.Dispose();
        if (Address.Transport == Transport.Unix)
        {
            File.Delete(Address.Host);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (SocketException exception) when (IsOfPeer(exception.SocketErrorCode))
            {
                _context.Counters.CountAcceptError();
            }
            catch (SocketException exception) when (!_stopping.IsCancellationRequested)
            {
                _context.Counters.CountAcceptError();
                ServerLog.AcceptFailed(_context.Logger, Address.ToString(), exception.Message, ErrorDelay);
                await Task.Delay(ErrorDelay, _context.Time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private static bool IsOfPeer(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.ProtocolNotSupported;

    private void Serve(Socket accepted)
    {
        _context.Counters.CountAccepted();
        if (Address.Transport == Transport.Tcp)
        {
            accepted.NoDelay = true;
        }

        var session = new StreamSession(accepted, _context);
        if (_sessions.TryAdd(session))
        {
            _ = RunAsync(session);
        }
        else
        {
            Refuse(accepted);
            session.Dispose();
        }
    }

    private async Task RunAsync(StreamSession session)
    {
        await session.RunAsync().ConfigureAwait(false);
        _sessions.Remove(session);
    }

    private void Refuse(Socket accepted)
    {
        _context.Counters.CountError(ErrorCode.TooManyConnections);
        _context.Counters.CountClosed(CloseReason.TooManyConnections);
        try
        {
            // The socket's buffer is empty, so these few bytes never wait.
            accepted.Send(TooManyConnections);
            accepted.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The client has gone already.
        }
    }

    private static byte[] EncodeTooManyConnections()
    {
        var bytes = new byte[256];
        var writer = new WireWriter(bytes, framed: true);
        ErrorMessage.Write(
            ref writer, 0, ErrorCode.TooManyConnections, "this server has as many connections as it may (limit 13); try another, or later"u8);
        writer.TryComplete(out int written);
        return bytes[..written];
    }
}
