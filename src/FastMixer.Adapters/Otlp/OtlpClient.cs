using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>What a request tells of.</summary>
internal enum Signal
{
    /// <summary>Metrics.</summary>
    Metrics,

    /// <summary>Log records.</summary>
    Logs,

    /// <summary>Spans.</summary>
    Traces,
}

/// <summary>
/// Sends requests by OTLP/HTTP with binary protocol buffers (opentelemetry.io/docs/specs/otlp): what may be sent again fails, everything else is answered.
/// Any thread may call, several at once.
/// </summary>
internal sealed class OtlpClient : IDisposable
{
    // What the specification recommends to read at most of a response.
    private const int MostResponseBytes = 4 * 1024 * 1024;

    // A server that moves is looked up again after this long.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly string[] Paths = ["v1/metrics", "v1/logs", "v1/traces"];

    private readonly OtlpSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
        ActivityHeadersPropagator = null,
    });

    private readonly Uri[] _addresses;
    private long _notBefore;

    /// <summary>A client without a connection.</summary>
    public OtlpClient(OtlpSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _addresses = Array.ConvertAll(Paths, path => new Uri(settings.Endpoint, path));
    }

    /// <summary>Sends a request.</summary>
    /// <param name="signal">What it tells of.</param>
    /// <param name="body">Its bytes, which must stay until the task completes.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>How many of its items the server has refused for good; <see cref="long.MaxValue"/> for all of them.</returns>
    /// <exception cref="HttpRequestException">It is to be sent again: there is no response, or one that says so.</exception>
    public async ValueTask<long> SendAsync(Signal signal, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Post, _addresses[(int)signal]) { Content = Encode(body) };
        foreach ((string name, string value) in _settings.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return await ReadRejectedAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }

        // These and no others may be sent again.
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout)
        {
            NoteWait(response.Headers.RetryAfter);
            throw new HttpRequestException($"The server answered {(int)response.StatusCode}.", null, response.StatusCode);
        }

        return long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ReadOnlyMemoryContent Encode(ReadOnlyMemory<byte> body)
    {
        bool isCompressed = _settings.Compression == Compression.Gzip;
        var content = new ReadOnlyMemoryContent(isCompressed ? Compress(body.Span) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (isCompressed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    // Export…ServiceResponse { partial_success = 1 { rejected_… = 1 } }. A body that is none says that nothing was refused; one that is too long counts
    // as an error that is not to be tried again.
    private static async ValueTask<long> ReadRejectedAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer();
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (await stream.ReadAsync(body.GetMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            body.Advance(read);
            if (body.Length > MostResponseBytes)
            {
                return long.MaxValue;
            }
        }

        var response = new ProtobufReader(body.Written);
        while (response.MoveNext())
        {
            var partial = new ProtobufReader(response.Field == 1 ? response.Bytes : default);
            while (partial.MoveNext())
            {
                if (partial.Field == 1)
                {
                    return (long)Math.Min(partial.Number, long.MaxValue);
                }
            }
        }

        return 0;
    }

    // What the server has asked for is waited for within the attempt, whose time it takes.
    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = new DateTimeOffset(Volatile.Read(ref _notBefore), TimeSpan.Zero) - _time.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void NoteWait(RetryConditionHeaderValue? retryAfter)
    {
        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan wait = retryAfter?.Delta ?? (retryAfter?.Date - now) ?? TimeSpan.Zero;
        Volatile.Write(ref _notBefore, (now + (wait < LongestWait ? wait : LongestWait)).UtcTicks);
    }
}
