using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using FastMixer.Adapters.Tests.Otlp.Proto;
using Google.Protobuf;

namespace FastMixer.Adapters.Tests.Otlp;

/// <summary>An answer of a <see cref="Collector"/>.</summary>
/// <param name="Status">The status.</param>
/// <param name="Rejected">How many items are refused, of a success.</param>
/// <param name="RetryAfter">When to come again, in seconds; 0 for nothing.</param>
internal sealed record CollectorAnswer(int Status = 200, long Rejected = 0, int RetryAfter = 0)
{
    /// <summary>Takes everything.</summary>
    public static CollectorAnswer Accept { get; } = new();

    /// <summary>Never answers.</summary>
    public static CollectorAnswer Silence { get; } = new(Status: 0);
}

/// <summary>A request as it came.</summary>
internal sealed record CollectorRequest(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers, long Came);

/// <summary>
/// Receives OTLP/HTTP, and reads it by the published definitions with Google's library. Fields that those do not have would be kept as unknown ones, and
/// fail the test.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<CollectorRequest> _requests = new();
    private readonly ConcurrentQueue<CollectorRequest> _accepted = new();
    private readonly ConcurrentBag<HttpListenerContext> _silent = [];
    private readonly Task _serving;

    public Collector()
    {
        Endpoint = Listen();
        _serving = ServeAsync();
    }

    /// <summary>What is answered to a request, given how many came before it.</summary>
    public Func<int, CollectorRequest, CollectorAnswer> Answer { get; set; } = static (_, _) => CollectorAnswer.Accept;

    public string Endpoint { get; }

    /// <summary>All requests.</summary>
    public IReadOnlyList<CollectorRequest> Requests => [.. _requests];

    public IReadOnlyList<Metric> Metrics => [.. Accepted("/v1/metrics", ExportMetricsServiceRequest.Parser)
        .SelectMany(request => request.ResourceMetrics).SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics)];

    public IReadOnlyList<LogRecord> Logs => [.. Accepted("/v1/logs", ExportLogsServiceRequest.Parser)
        .SelectMany(request => request.ResourceLogs).SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords)];

    public IReadOnlyList<Span> Spans => [.. Accepted("/v1/traces", ExportTraceServiceRequest.Parser)
        .SelectMany(request => request.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];

    /// <summary>Reads the requests that were answered by a success.</summary>
    public IReadOnlyList<T> Accepted<T>(string path, MessageParser<T> parser)
        where T : IMessage<T> => [.. _accepted.Where(request => request.Path == path).Select(request => Read(request.Body, parser))];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private static T Read<T>(byte[] body, MessageParser<T> parser)
        where T : IMessage<T>
    {
        T known = parser.WithDiscardUnknownFields(true).ParseFrom(body);
        Assert.Equal(parser.ParseFrom(body), known);
        return known;
    }

    private string Listen()
    {
        for (int port = Random.Shared.Next(20_000, 30_000); ; port++)
        {
            try
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (HttpListenerException exception)
            {
                Assert.NotEqual(0, exception.ErrorCode);
            }
        }
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                answering.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        CollectorRequest request = await ReadAsync(context.Request);
        _requests.Enqueue(request);
        CollectorAnswer answer = Answer(_requests.Count - 1, request);
        if (answer.Status == 0)
        {
            _silent.Add(context);
            return;
        }

        if (answer.Status == 200)
        {
            _accepted.Enqueue(request);
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/x-protobuf";
        if (answer.RetryAfter > 0)
        {
            context.Response.AddHeader("Retry-After", $"{answer.RetryAfter}");
        }

        var response = new ExportServiceResponse();
        if (answer.Rejected > 0)
        {
            response.PartialSuccess = new PartialSuccess { Rejected = answer.Rejected, ErrorMessage = "no" };
        }

        context.Response.Close(response.ToByteArray(), willBlock: true);
    }

    private static async Task<CollectorRequest> ReadAsync(HttpListenerRequest request)
    {
        Assert.Equal(("POST", "application/x-protobuf"), (request.HttpMethod, request.ContentType));
        using var body = new MemoryStream();
        if (request.Headers["Content-Encoding"] == "gzip")
        {
            await using var plain = new GZipStream(request.InputStream, CompressionMode.Decompress);
            await plain.CopyToAsync(body);
        }
        else
        {
            await request.InputStream.CopyToAsync(body);
        }

        return new CollectorRequest(
            request.Url!.AbsolutePath,
            body.ToArray(),
            request.Headers.AllKeys.ToDictionary(name => name!, name => request.Headers[name]!),
            TimeProvider.System.GetTimestamp());
    }
}
