using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FastMixer.LoadTest.Fleet;

/// <summary>Stands before a server, and hands its answers on as late as it is told: a server that is slow and fails in nothing. Any thread may call any member.</summary>
internal sealed class DelayProxy : IDisposable
{
    private const int ReadBytes = 16 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private long _delayTicks;

    /// <summary>A proxy that delays nothing yet.</summary>
    /// <param name="port">The server's, on the loopback.</param>
    public DelayProxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How late answers are that come from now on.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Ends all connections.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(stop), stop);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Disposed of.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _port, stop);
                var late = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
                var pumps = new[]
                {
                    client.GetStream().CopyToAsync(server.GetStream(), stop),
                    ReadAsync(server.GetStream(), late.Writer, stop),
                    WriteAsync(late.Reader, client.GetStream(), stop),
                };
                await await Task.WhenAny(pumps);
            }
            catch (Exception e) when (IsEnd(e))
            {
                // Either side has gone, and takes the other with it.
            }
        }
    }

    private async Task ReadAsync(NetworkStream from, ChannelWriter<(long Due, byte[] Bytes)> late, CancellationToken stop)
    {
        var buffer = new byte[ReadBytes];
        while (await from.ReadAsync(buffer, stop) is > 0 and var count)
        {
            var due = Stopwatch.GetTimestamp() + Load.Window.Ticks(Delay);
            await late.WriteAsync((due, buffer[..count]), stop);
        }
    }

    private static async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> late, NetworkStream to, CancellationToken stop)
    {
        await foreach (var (due, bytes) in late.ReadAllAsync(stop))
        {
            // A timer may fire a little before its time.
            while (Load.Window.Until(due) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), stop);
            }

            await to.WriteAsync(bytes, stop);
        }
    }

    private static bool IsEnd(Exception exception) => exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException;
}
