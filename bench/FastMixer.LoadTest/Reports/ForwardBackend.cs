using System.Net;
using System.Net.Sockets;

namespace FastMixer.LoadTest.Reports;

/// <summary>
/// A server of Fluentd's forward protocol that counts the entries which it acknowledges, and is down as it is told. In this process, so that what it
/// counts is known to the last entry.
/// </summary>
internal sealed class ForwardBackend : IDisposable
{
    private const int AbortAtOnce = 0;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _lock = new();
    private readonly List<Socket> _connections = [];
    private readonly Task _accepting;
    private ForwardManner _manner;
    private long _acknowledged;
    private long _unanswered;
    private long _resets;

    /// <summary>Serves on a port of the loopback; 0 picks one.</summary>
    public ForwardBackend(int port)
    {
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new LoadTestException($"the backend can't listen on port {port}: {e.Message}");
        }

        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Entries of the messages that were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Entries of the messages that were read and never answered. They come again.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Connections that were reset.</summary>
    public long Resets => Interlocked.Read(ref _resets);

    /// <summary>Why a connection could not be understood; null if all were.</summary>
    public LoadTestException? Failure { get; private set; }

    /// <summary>Does otherwise from now on; connections that there are get it too.</summary>
    public void Be(ForwardManner manner)
    {
        lock (_lock)
        {
            _manner = manner;
            if (manner == ForwardManner.Reset)
            {
                _connections.ForEach(Reset);
                _connections.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _accepting.GetAwaiter().GetResult();
        lock (_lock)
        {
            _connections.ForEach(static connection => connection.Dispose());
            _connections.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = await _listener.AcceptAsync().ConfigureAwait(false);
                if (TryKeep(connection))
                {
                    _ = ServeAsync(connection);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // Gone before it was taken.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private bool TryKeep(Socket connection)
    {
        lock (_lock)
        {
            if (_manner == ForwardManner.Reset)
            {
                Reset(connection);
                return false;
            }

            _connections.Add(connection);
            return true;
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        var messages = new ForwardMessages();
        try
        {
            int received;
            while ((received = await connection.ReceiveAsync(messages.Room()).ConfigureAwait(false)) > 0)
            {
                messages.Add(received);
                while (messages.TryTake(out var entries, out var acknowledgement))
                {
                    Answer(connection, entries, acknowledgement);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A connection that breaks off is what the experiment is about: what was not acknowledged does not count.
        }
        catch (LoadTestException e)
        {
            Failure = e;
        }

        lock (_lock)
        {
            _connections.Remove(connection);
            connection.Dispose();
        }
    }

    private void Answer(Socket connection, int entries, byte[] acknowledgement)
    {
        lock (_lock)
        {
            if (_manner == ForwardManner.Acknowledge)
            {
                connection.Send(acknowledgement);
                Interlocked.Add(ref _acknowledged, entries);
            }
            else
            {
                Interlocked.Add(ref _unanswered, entries);
            }
        }
    }

    private void Reset(Socket connection)
    {
        Interlocked.Increment(ref _resets);
        connection.Close(AbortAtOnce);
    }
}
