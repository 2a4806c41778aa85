using System.Net;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Prometheus;

/// <summary>The listeners of this process by their address: as many handlers as have one address share it. Any thread may call.</summary>
internal sealed class ScrapeListeners
{
    private readonly Dictionary<ScrapeAddress, ScrapeListener> _open = [];
    private readonly Lock _gate = new();

    /// <summary>A listener at an address, for one more handler.</summary>
    /// <param name="address">The address.</param>
    /// <param name="time">The time to go by.</param>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public ScrapeListener Acquire(ScrapeAddress address, TimeProvider time)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(address, out ScrapeListener? listener))
            {
                listener = new ScrapeListener(address, time, this);
                _open.Add(address, listener);
            }

            listener.Users++;
            return listener;
        }
    }

    /// <summary>A handler has ended.</summary>
    /// <returns>Whether it was the last: the listener is no more to be found, and to be closed.</returns>
    public bool Release(ScrapeListener listener)
    {
        lock (_gate)
        {
            return --listener.Users == 0 && _open.Remove(listener.Address);
        }
    }
}

/// <summary>Answers scrapes at one address: GET of the path gives the metrics in the text format, anything else 404.</summary>
#pragma warning disable CA1001 // Closed when its last handler ends.
internal sealed class ScrapeListener
#pragma warning restore CA1001
{
    private const int MaxScrapesAtOnce = 8;

    private readonly HttpListener _http = new();
    private readonly ScrapeListeners _all;
    private readonly Task _serving;
    private int _scrapes;

    /// <summary>A listener at work.</summary>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public ScrapeListener(ScrapeAddress address, TimeProvider time, ScrapeListeners all)
    {
        Address = address;
        Families = new MetricFamilies(time);
        _all = all;
        _http.Prefixes.Add(address.ToString());
        try
        {
            _http.Start();
        }
        catch (HttpListenerException exception)
        {
            throw new IOException($"{address} cannot be listened at: {exception.Message}", exception);
        }

        _serving = ServeAsync();
    }

    /// <summary>The address.</summary>
    public ScrapeAddress Address { get; }

    /// <summary>The metrics of all handlers.</summary>
    public MetricFamilies Families { get; }

    /// <summary>How many handlers use it. Under the lock of <see cref="ScrapeListeners"/>.</summary>
    public int Users { get; set; }

    /// <summary>A handler has ended; with the last one the listener closes.</summary>
    public async ValueTask ReleaseAsync()
    {
        if (_all.Release(this))
        {
            _http.Close();
            await _serving.ConfigureAwait(false);
            Families.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        while (_http.IsListening)
        {
            try
            {
                HttpListenerContext context = await _http.GetContextAsync().ConfigureAwait(false);
                _ = AnswerAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // A client that left, or the listener that was closed; the loop's condition tells.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _scrapes) > MaxScrapesAtOnce)
            {
                context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            }
            else if (context.Request.HttpMethod != "GET" || context.Request.Url?.AbsolutePath != ScrapeAddress.Path)
            {
                context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            }
            else
            {
                await TellAsync(context.Response).ConfigureAwait(false);
                return;
            }

            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The scraper left; it comes again.
            context.Response.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _scrapes);
        }
    }

    private async Task TellAsync(HttpListenerResponse response)
    {
        using var text = new PooledBuffer();
        IReadOnlyList<(PrometheusHandler Handler, long Values)> told = await Families.WriteAsync(text).ConfigureAwait(false);
        response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        response.ContentLength64 = text.Length;
        await response.OutputStream.WriteAsync(text.WrittenMemory).ConfigureAwait(false);
        response.Close();
        foreach ((PrometheusHandler handler, long values) in told)
        {
            handler.LastScrape.Note(values);
        }
    }
}
