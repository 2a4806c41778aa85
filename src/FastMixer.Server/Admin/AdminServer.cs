using System.Net;
using System.Net.Sockets;
using FastMixer.Server.Transports;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Admin;

/// <summary>
/// The pages through which an operator looks into a server, over HTTP. A few requests are answered at a time, on threads of the pool; others wait.
/// </summary>
public sealed class AdminServer : IAsyncDisposable
{
    private const int MaxRequests = 4;
    private const int AnyPortAttempts = 10;

    // Beyond it a client that does not take its page is left alone.
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IAdminPage> _pages;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _slots = new(MaxRequests);
    private readonly CancellationTokenSource _stopping = new();
    private HttpListener _listener = new();
    private Task _serving = Task.CompletedTask;

    /// <summary>An endpoint that does not listen yet.</summary>
    /// <param name="address">Where to listen; port 0 asks for any free one, and * as the host for all addresses of this machine.</param>
    /// <param name="pages">The pages; their paths must be distinct. A list of them is added, at <c>/</c>.</param>
    /// <param name="logger">Told of pages that fail.</param>
    public AdminServer(AdminAddress address, IReadOnlyCollection<IAdminPage> pages, ILogger logger)
    {
        Address = address;
        _logger = logger;
        _pages = pages.Append(new IndexPage(pages)).ToDictionary(page => page.Path, StringComparer.Ordinal);
    }

    /// <summary>Where it listens, with the port that was chosen once it does.</summary>
    public AdminAddress Address { get; private set; }

    /// <summary>Begins to serve.</summary>
    /// <exception cref="ListenException">The address cannot be had.</exception>
    public void Start()
    {
        for (int left = Address.Port == 0 ? AnyPortAttempts : 1; ; left--)
        {
            AdminAddress address = Address.Port == 0 ? Address with { Port = FreePort() } : Address;
            try
            {
                Listen(address);
                break;
            }
            catch (Exception exception) when (exception is HttpListenerException or SocketException)
            {
                if (left == 1)
                {
                    throw new ListenException(
                        $"Cannot listen at {address}, for the admin pages: {exception.Message}. Choose another address, or none.", exception);
                }
            }
        }

        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Ends; a page that is being written may not arrive.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Close();
        await _serving.ConfigureAwait(false);
        _stopping.Dispose();
        _slots.Dispose();
    }

    // HttpListener takes no port 0.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Listen(AdminAddress address)
    {
        _listener = new HttpListener { IgnoreWriteExceptions = true };
        foreach (string prefix in address.Prefixes)
        {
            _listener.Prefixes.Add(prefix);
        }

        _listener.Start();
        Address = address;
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _slots.WaitAsync(_stopping.Token).ConfigureAwait(false);
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);

                // What completes a socket's call may be a thread that polls sockets: pages are made elsewhere.
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or OperationCanceledException)
            {
                if (_stopping.IsCancellationRequested || !_listener.IsListening)
                {
                    return;
                }

                // A client that left before it was served.
                _slots.Release();
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            AdminReply reply = await MakeAsync(context.Request).ConfigureAwait(false);
            await SendAsync(context.Response, reply, withBody: context.Request.HttpMethod != "HEAD").ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A client that left, or whatever else: it concerns this request alone.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            AdminLog.NotSent(_logger, context.Request.RawUrl ?? "", exception.Message);
            context.Response.Abort();
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        try
        {
            _slots.Release();
        }
        catch (ObjectDisposedException)
        {
            // The endpoint has ended meanwhile.
        }
    }

    private async Task<AdminReply> MakeAsync(HttpListenerRequest request)
    {
        string path = request.Url?.AbsolutePath ?? "/";
        if (request.HttpMethod is not ("GET" or "HEAD"))
        {
            return Problem(405, $"{request.HttpMethod} is not known here; pages are read with GET");
        }

        if (!_pages.TryGetValue(path, out IAdminPage? page))
        {
            return Problem(404, $"There is no page {path}. There are: {string.Join(", ", _pages.Keys.Order(StringComparer.Ordinal))}");
        }

        var reply = new AdminReply(request.QueryString["format"] == "json" || request.AcceptTypes?.Contains("application/json") == true);
        try
        {
            await page.WriteAsync(reply, _stopping.Token).ConfigureAwait(false);
            return reply;
        }
#pragma warning disable CA1031 // A page that fails must not end the endpoint.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            AdminLog.PageFailed(_logger, path, exception);
            return Problem(500, $"The page {path} could not be made; the log says why");
        }
    }

    private static AdminReply Problem(int status, string text)
    {
        var reply = new AdminReply(wantsJson: false) { Status = status };
        reply.WriteLine(text);
        return reply;
    }

    private static async Task SendAsync(HttpListenerResponse response, AdminReply reply, bool withBody)
    {
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        response.ContentLength64 = reply.Body.Length;
        response.Headers["Cache-Control"] = "no-store";
        if (withBody)
        {
            await response.OutputStream.WriteAsync(reply.Body.GetBuffer().AsMemory(0, (int)reply.Body.Length)).AsTask().WaitAsync(SendTime).ConfigureAwait(false);
        }

        response.Close();
    }
}
