using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>
/// An HTTP server in this process that does as a script says, right or wrong: over real sockets, one thing at a time on each connection. It can end and come
/// back at the same address.
/// </summary>
internal sealed class HttpTestServer : IAsyncDisposable
{
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly ConcurrentQueue<HttpExchange> _requests = new();
    private CancellationTokenSource _stop = new();
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _accepting = Task.CompletedTask;

    public HttpTestServer(Func<HttpExchange, Task> script)
    {
        Script = script;
        Listen();
    }

    /// <summary>What it does with each request.</summary>
    public Func<HttpExchange, Task> Script { get; set; }

    /// <summary>Wraps the stream of each connection, for TLS.</summary>
    public Func<Stream, Task<Stream>>? Wrap { get; set; }

    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The requests that came, in their order.</summary>
    public IReadOnlyList<HttpExchange> Requests => [.. _requests];

    public static HttpTestServer Answering(string status, string body = "", params string[] headers) =>
        new(exchange => exchange.AnswerAsync(status, body, headers));

    /// <summary>Ends it: connections are reset, new ones refused.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    /// <summary>Lets it come back where it was.</summary>
    public void Restart()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        Listen();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private void Listen()
    {
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener, _stop.Token);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(stop);
                _connections.Add(Task.Run(() => ServeAsync(socket, stop), CancellationToken.None));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Assert.True(stop.IsCancellationRequested, exception.ToString());
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using (socket)
        {
            try
            {
                await using var plain = new NetworkStream(socket, ownsSocket: false);
                Stream stream = Wrap is null ? plain : await Wrap(plain);
                while (await HttpExchange.ReadAsync(stream, socket, stop) is { } exchange)
                {
                    _requests.Enqueue(exchange);
                    await Script(exchange);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The other side left, or the script said so.
                socket.Close(0);
            }
        }
    }
}

/// <summary>A request, and the connection on which to answer it.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its path and query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record HttpExchange(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private Stream _stream = Stream.Null;
    private Socket? _socket;

    /// <summary>Cancelled when the server ends.</summary>
    public CancellationToken Stop { get; private init; }

    public static async Task<HttpExchange?> ReadAsync(Stream stream, Socket socket, CancellationToken stop)
    {
        if (await ReadLineAsync(stream, stop) is not { Length: > 0 } first)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream, stop) is { Length: > 0 } line)
        {
            headers.Add(line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        }

        var body = new byte[headers.TryGetValue("content-length", out string? length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, stop);
        string[] parts = first.Split(' ');
        return new HttpExchange(parts[0], parts[1], headers, Encoding.UTF8.GetString(body)) { _stream = stream, _socket = socket, Stop = stop };
    }

    public Task AnswerAsync(string status, string body = "", params string[] headers) => SendAsync(
        $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}content-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends what is given, be it HTTP or not.</summary>
    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), Stop);

    /// <summary>Never answers.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, Stop);

    /// <summary>Ends the connection in order.</summary>
    public Task CloseAsync()
    {
        _socket!.Shutdown(SocketShutdown.Both);
        return Task.FromException(new IOException("closed"));
    }

    /// <summary>Ends the connection at once.</summary>
    public Task ResetAsync()
    {
        _socket!.Close(0);
        return Task.FromException(new IOException("reset"));
    }

    private static async Task<string?> ReadLineAsync(Stream stream, CancellationToken stop)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
