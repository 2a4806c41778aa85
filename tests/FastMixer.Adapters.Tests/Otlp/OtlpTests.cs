using System.Net;
using System.Net.Sockets;
using FastMixer.Adapters.Tests.Otlp.Proto;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Otlp;

/// <summary>What an <c>otlp</c> handler sends, read by the published definitions, and what it makes of each answer.</summary>
public sealed class OtlpTests
{
    private const long Moment = 1_500_000_000_123_456_789;
    private const string Trace = "463ac35c9f6413ad48485a3953bb6124";

    private static readonly (string, string, string) Size =
        ("size", "metric", "value: request.size | 0, dimensions: {path: request.path | \"\", code: response.code | 0}");

    private static readonly (string, string, string) Time = ("time", "metric", "value: response.duration, dimensions: {path: request.path | \"\"}");

    private static readonly (string, string, string) Line =
        ("line", "logentry", "timestamp: request.time, severity: '\"Warning\"', variables: {path: request.path | \"\", size: request.size | 0}");

    private static readonly (string, string, string) Call = ("call", "tracespan", """
        trace_id: 'request.headers["x-trace"] | ""', span_id: 'request.headers["x-span"] | ""', parent_span_id: 'request.headers["x-parent"] | ""',
        span_name: request.path | "", start_time: request.time, end_time: response.time, http_status_code: response.code | 0,
        client_span: connection.mtls | false, rewrite_client_span_id: (request.size | 0) == 1,
        source_ip: source.ip, span_tags: {size: request.size | 0}
        """.ReplaceLineEndings(" "));

    [Fact]
    public async Task Counter_IsAMonotonicSumOfDeltas()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(
            collector, "metrics: [{instance_name: size, name: bytes, kind: COUNTER, unit: By, description: Bytes.}]", Size);

        policy.Report(Request("/a", 1), Request("/b", 2), Request("/a", 39));
        await policy.SettledAsync(delivered: 3);
        policy.Report(Request("/a", 2));
        await policy.SettledAsync(delivered: 4);

        Assert.All(collector.Metrics, metric => Assert.Equal(("bytes", "Bytes.", "By"), (metric.Name, metric.Description, metric.Unit)));
        Assert.All(collector.Metrics, metric => Assert.Equal((AggregationTemporality.Delta, true), (metric.Sum.AggregationTemporality, metric.Sum.IsMonotonic)));
        NumberDataPoint[] points = [.. collector.Metrics.SelectMany(metric => metric.Sum.DataPoints)];
        Assert.Equal(42, points.Where(point => TextOf(point.Attributes, "path") == "/a").Sum(point => point.AsInt));
        Assert.Equal(2, points.Where(point => TextOf(point.Attributes, "path") == "/b").Sum(point => point.AsInt));
        Assert.All(points, point => Assert.Equal(200, point.Attributes.Single(pair => pair.Key == "code").Value.IntValue));
        Assert.All(points, point => Assert.InRange(point.StartTimeUnixNano, 1UL, point.TimeUnixNano));
    }

    [Fact]
    public async Task Gauge_IsTheLastValue_AndDurationsAreSeconds()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "metrics: [{instance_name: time, kind: GAUGE}]", Time);

        policy.Report(Request("/a", 0, nanoseconds: 5), Request("/a", 0, nanoseconds: 1_500_000_000));
        await policy.SettledAsync(delivered: 2);

        Metric metric = collector.Metrics[^1];
        Assert.Equal(("time", "s", 1.5), (metric.Name, metric.Unit, metric.Gauge.DataPoints[0].AsDouble));
    }

    [Fact]
    public async Task Distribution_IsAHistogramOfDeltas()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(
            collector, "metrics: [{instance_name: time, kind: DISTRIBUTION, buckets: {explicit_buckets: {bounds: [0.1, 1]}}}]", Time);

        policy.Report(Request("/a", 0, 50_000_000), Request("/a", 0, 500_000_000), Request("/a", 0, 750_000_000), Request("/a", 0, 5_000_000_000));
        await policy.SettledAsync(delivered: 4);

        HistogramDataPoint[] points = [.. collector.Metrics.SelectMany(metric => metric.Histogram.DataPoints)];
        Assert.All(collector.Metrics, metric => Assert.Equal(AggregationTemporality.Delta, metric.Histogram.AggregationTemporality));
        Assert.All(points, point => Assert.Equal([0.1, 1], point.ExplicitBounds));
        Assert.Equal([1UL, 2, 1], Enumerable.Range(0, 3).Select(bucket => points.Aggregate(0UL, (sum, point) => sum + point.BucketCounts[bucket])));
        Assert.Equal((4L, 6.3), (points.Sum(point => (long)point.Count), points.Sum(point => point.Sum)));
    }

    [Fact]
    public async Task LogEntry_IsALogRecord_WithAttributesOfItsVariablesTypes()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "resource_attributes: {zone: a}", Line, ("all", "logentry", """
            variables: {message: request.path | "", yes: connection.mtls | false, half: '0.5', took: response.duration, map: request.headers}
            """.Trim()));

        policy.Report(record =>
        {
            Request("/ä", -7, nanoseconds: 1_500_000_000)(record);
            record.Set("connection.mtls", true);
            record.Set("request.headers", new Dictionary<string, string> { ["a"] = "x" });
        });
        await policy.SettledAsync(delivered: 2);

        LogRecord line = collector.Logs.Single(log => log.EventName == "line");
        Assert.Equal(((ulong)Moment, 13, "Warning", "line"), (line.TimeUnixNano, line.SeverityNumber, line.SeverityText, line.Body.StringValue));
        Assert.Equal(("/ä", -7L), (TextOf(line.Attributes, "path"), line.Attributes.Single(pair => pair.Key == "size").Value.IntValue));
        LogRecord all = collector.Logs.Single(log => log.EventName == "all");
        Dictionary<string, AnyValue> values = all.Attributes.ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal("/ä", all.Body.StringValue);
        Assert.Equal(4, values.Count);
        Assert.Equal((true, 0.5, "1.5s"), (values["yes"].BoolValue, values["half"].DoubleValue, values["took"].StringValue));
        Assert.Equal(("a", "x"), (values["map"].KvlistValue.Values[0].Key, values["map"].KvlistValue.Values[0].Value.StringValue));
        ResourceLogs resource = collector.Accepted("/v1/logs", ExportLogsServiceRequest.Parser)[0].ResourceLogs.Single();
        Assert.Equal(("fastmixer", "a"), (TextOf(resource.Resource.Attributes, "service.name"), TextOf(resource.Resource.Attributes, "zone")));
        Assert.Equal("fastmixer", resource.ScopeLogs.Single().Scope.Name);
    }

    [Fact]
    public async Task Span_HasItsIdsItsTimesAndItsAttributes()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "", Call);

        policy.Report(Spanned(Trace, "a2fb4a1d1a96d312", "0020000000000001", code: 500), Spanned("48485a3953bb6124", "A2FB4A1D1A96D313", "", code: 404));
        await policy.SettledAsync(delivered: 2);

        Span first = collector.Spans[0];
        Assert.Equal((Trace, "A2FB4A1D1A96D312", "0020000000000001"), (Hex(first.TraceId).ToLowerInvariant(), Hex(first.SpanId), Hex(first.ParentSpanId)));
        Assert.Equal(("/a", 2, 2), (first.Name, first.Kind, first.Status.Code));
        Assert.Equal(((ulong)Moment, (ulong)Moment + 5), (first.StartTimeUnixNano, first.EndTimeUnixNano));
        Assert.Equal(500, first.Attributes.Single(pair => pair.Key == "http.response.status_code").Value.IntValue);
        Assert.Equal("10.0.0.1", TextOf(first.Attributes, "source.ip"));
        Assert.Equal(7, first.Attributes.Single(pair => pair.Key == "size").Value.IntValue);
        Span second = collector.Spans[1];
        Assert.Equal(("000000000000000048485A3953BB6124", ""), (Hex(second.TraceId), Hex(second.ParentSpanId)));
        Assert.Null(second.Status);
    }

    [Fact]
    public async Task SpansOfBothEndsWithOneId_BecomeParentAndChild()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "", Call);

        policy.Report(
            Spanned(Trace, "a2fb4a1d1a96d312", "0020000000000001", size: 1, isClient: true),
            Spanned(Trace, "a2fb4a1d1a96d312", "0020000000000001", size: 1));
        await policy.SettledAsync(delivered: 2);

        (Span client, Span server) = (collector.Spans[0], collector.Spans[1]);
        Assert.Equal((3, 2), (client.Kind, server.Kind));
        Assert.Equal("A2FB4A1D1A96D312", Hex(server.SpanId));
        Assert.NotEqual(server.SpanId, client.SpanId);
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.Equal("0020000000000001", Hex(client.ParentSpanId));
    }

    [Theory]
    [InlineData("", "a2fb4a1d1a96d312", "")]
    [InlineData("00000000000000000000000000000000", "a2fb4a1d1a96d312", "")]
    [InlineData("463ac35c9f6413ad48485a3953bb612x", "a2fb4a1d1a96d312", "")]
    [InlineData(Trace, "a2fb", "")]
    [InlineData(Trace, "a2fb4a1d1a96d312", "zz")]
    public async Task SpanWithoutValidIds_IsRejected_AndOthersAreNot(string trace, string span, string parent)
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "", Call);

        policy.Report(Spanned(trace, span, parent), Spanned(Trace, "a2fb4a1d1a96d312", ""));
        await policy.SettledAsync(delivered: 1, rejected: 1);

        Assert.Single(collector.Spans);
    }

    [Fact]
    public async Task Requests_AreCompressed_AndHaveTheHeaders()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(collector, "compression: GZIP, headers: {x-tenant: me}", Line);

        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 1);

        Assert.Single(collector.Logs);
        Assert.Equal(("gzip", "me"), (collector.Requests[0].Headers["Content-Encoding"], collector.Requests[0].Headers["x-tenant"]));
    }

    [Fact]
    public async Task Requests_StayBelowTheLimit_AndARecordBeyondItIsRejected()
    {
        await using var collector = new Collector();
        await using ReportedPolicy policy = Start(
            collector, "max_request_bytes: 65536, metrics: [{instance_name: size, kind: COUNTER}]", Line, Size);

        policy.Report([.. Enumerable.Range(0, 100).Select(i => Request(i == 50 ? new string('x', 70_000) : i + new string('y', 2_000), 1))]);
        await policy.SettledAsync(delivered: 199, rejected: 1);

        Assert.All(collector.Requests, request => Assert.InRange(request.Body.Length, 1, 65_536));
        Assert.Equal(99, collector.Logs.Count);
        Assert.Equal(100, collector.Metrics.SelectMany(metric => metric.Sum.DataPoints).Sum(point => point.AsInt));
        Assert.True(collector.Requests.Count(request => request.Path == "/v1/logs") >= 4);
        Assert.True(collector.Requests.Count(request => request.Path == "/v1/metrics") >= 4);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task StatusThatMayBeTriedAgain_IsTriedAgain(int status)
    {
        await using var collector = new Collector { Answer = (came, _) => came < 2 ? new CollectorAnswer(status) : CollectorAnswer.Accept };
        await using ReportedPolicy policy = Start(collector, "", Line);

        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 1);

        Assert.Equal(2, policy.Counters.FailedAttempts);
        Assert.Single(collector.Logs);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(307)]
    public async Task AnyOtherStatus_IsNotTriedAgain_AndItsRecordsAreRejected(int status)
    {
        await using var collector = new Collector { Answer = (_, _) => new CollectorAnswer(status) };
        await using ReportedPolicy policy = Start(collector, "metrics: [{instance_name: size, kind: COUNTER}]", Line, Size);

        policy.Report(Request("/a", 1), Request("/b", 2));
        await policy.SettledAsync(delivered: 0, rejected: 4);

        Assert.Equal(0, policy.Counters.FailedAttempts);
    }

    [Fact]
    public async Task PartialSuccess_IsNotTriedAgain_AndTheNumberThatWasRefused_IsCounted()
    {
        await using var collector = new Collector { Answer = static (_, _) => new CollectorAnswer(Rejected: 1) };
        await using ReportedPolicy policy = Start(collector, "metrics: [{instance_name: size, kind: COUNTER}]", Line, Size);

        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 0, rejected: 2);
        policy.Report(Request("/a", 1), Request("/a", 1), Request("/a", 1));
        await Eventually.TrueAsync(() => policy.Counters.Sent == 8 && policy.Counters.Held == 0);

        Assert.Equal(0, policy.Counters.FailedAttempts);

        // Of every request one item: a log record, or a series with all it has summed up.
        int requests = collector.Requests.Count(request => request.Path == "/v1/logs");
        Assert.Equal(4 - requests, policy.Counters.Delivered);
        Assert.Equal(4 + requests, policy.Counters.Dropped(DropReason.Rejected));
    }

    [Fact]
    public async Task SpansThatFail_AreSentAgain_WithoutTheLogsThatDidNot()
    {
        int failures = 0;
        await using var collector = new Collector
        {
            Answer = (_, request) => request.Path == "/v1/traces" && Interlocked.Increment(ref failures) <= 2 ? new CollectorAnswer(503) : CollectorAnswer.Accept,
        };
        await using ReportedPolicy policy = Start(collector, "", Line, Call);

        policy.Report(Spanned(Trace, "a2fb4a1d1a96d312", ""), Spanned(Trace, "a2fb4a1d1a96d313", ""));
        await policy.SettledAsync(delivered: 4);

        Assert.Equal((2, 2), (collector.Logs.Count, collector.Spans.Count));
        Assert.InRange(policy.Counters.FailedAttempts, 2, 3);
    }

    [Fact]
    public async Task MetricsThatFail_AreKept_AndExportedWithWhatComesMeanwhile()
    {
        await using var collector = new Collector { Answer = static (_, _) => new CollectorAnswer(503) };
        await using ReportedPolicy policy = Start(collector, "metrics: [{instance_name: size, kind: COUNTER}]", Size);

        policy.Report(Request("/a", 1));
        await Eventually.TrueAsync(() => policy.Counters.FailedAttempts > 0);
        policy.Report(Request("/a", 41));
        Assert.Equal(0, policy.Counters.Delivered);
        collector.Answer = static (_, _) => CollectorAnswer.Accept;
        await policy.SettledAsync(delivered: 2);

        Assert.Equal(42, collector.Metrics.SelectMany(metric => metric.Sum.DataPoints).Sum(point => point.AsInt));
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor()
    {
        await using var collector = new Collector
        {
            Answer = static (came, _) => came == 0 ? new CollectorAnswer(429, RetryAfter: 1) : CollectorAnswer.Accept,
        };
        await using ReportedPolicy policy = Start(collector, "", Line);

        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 1);

        // Without it the pause before the next attempt would be 100 ms.
        TimeSpan between = TimeProvider.System.GetElapsedTime(collector.Requests[0].Came, collector.Requests[1].Came);
        Assert.True(between >= TimeSpan.FromSeconds(0.9), $"{between}");
        Assert.Equal(1, policy.Counters.FailedAttempts);
    }

    [Fact]
    public async Task CollectorThatNeverAnswers_LosesLogsAfterAllAttempts_AndTheyAreCounted()
    {
        var time = new FakeTimeProvider();
        await using var collector = new Collector { Answer = static (_, _) => CollectorAnswer.Silence };
        await using ReportedPolicy policy = Start(time, collector, "", Line);

        policy.Report(Request("/a", 1), Request("/b", 2));
        await Eventually.TrueAsync(() => collector.Requests.Count == 1);
        Assert.Equal((2, 0), (policy.Counters.Held, policy.Counters.FailedAttempts));
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return policy.Counters.Held == 0;
        });

        await policy.SettledAsync(delivered: 0, failed: 2);
        Assert.Equal(8, policy.Counters.FailedAttempts);
    }

    [Fact]
    public async Task ServerThatResetsConnections_IsAFailedAttempt()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using ReportedPolicy policy = ReportedPolicy.Start("otlp", $"endpoint: 'http://{listener.LocalEndPoint}', batch_delay: 0s", Line);

        policy.Report(Request("/a", 1));
        for (int i = 0; i < 2; i++)
        {
            Socket connection = await listener.AcceptAsync();
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
            connection.Dispose();
        }

        await Eventually.TrueAsync(() => policy.Counters.FailedAttempts >= 1);
        Assert.Equal((0, 1), (policy.Counters.Delivered, policy.Counters.Held));
    }

    [Theory]
    [InlineData("endpoint: 'localhost:4318'", "policy.yaml:5:22: error: \"endpoint\": expected an address such as http://localhost:4318")]
    [InlineData("endpoint: 'http://h/?a=b'", "policy.yaml:5:22: error: \"endpoint\": expected an address")]
    [InlineData("headers: {'a b': c}", "policy.yaml:5:12: error: \"headers\": \"a b\" is no header")]
    [InlineData("headers: {Content-Type: c}", "policy.yaml:5:12: error: \"headers\": \"Content-Type\" is no header")]
    [InlineData("headers: {a: [c]}", "policy.yaml:5:25: error: \"headers\": expected a text for \"a\", found a list")]
    [InlineData("compression: ZIP", "policy.yaml:5:25: error: \"compression\": expected one of NONE, GZIP")]
    [InlineData("max_request_bytes: 1", "policy.yaml:5:31: error: \"max_request_bytes\": expected a whole number from 65536 to 67108864")]
    [InlineData("export_interval: 0s", "policy.yaml:5:29: error: \"export_interval\": expected a duration from 1ms to 1h")]
    [InlineData("metrics: [{kind: GAUGE}]", "error: The field \"instanceName\" is missing")]
    [InlineData("metrics: [{instance_name: size}]", "error: The field \"kind\" is missing")]
    [InlineData("metrics: [{instance_name: size, kind: GAUGE}, {instance_name: size, kind: GAUGE}]", "stands here twice")]
    [InlineData("metrics: [{instance_name: size, kind: GAUGE, label: a}]", "error: Unknown field \"label\"")]
    [InlineData("", "The handler has no metric for the instance \"size.metric.istio-system\"")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem) =>
        Assert.Contains(ReportedPolicy.Problems("otlp", parameters, Size), told => told.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void ValueOfAnotherType_AndASpanWithoutIds_AreRefused()
    {
        Assert.Contains(
            ReportedPolicy.Problems("otlp", "metrics: [{instance_name: x, kind: GAUGE}]", ("x", "metric", "value: request.time")),
            told => told.Contains("expected INT64, DOUBLE, DURATION", StringComparison.Ordinal));
        Assert.Contains(
            ReportedPolicy.Problems("otlp", "", ("x", "tracespan", "span_name: request.path")),
            told => told.Contains("needs \"trace_id\" and \"span_id\"", StringComparison.Ordinal));
    }

    private static string TextOf(IEnumerable<KeyValue> attributes, string name) => attributes.Single(pair => pair.Key == name).Value.StringValue;

    private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexString(bytes.Span);

    private static Action<AttributeWriter> Request(string path, long size, long nanoseconds = 0, long code = 200) => record =>
    {
        record.SetTimestamp("request.time", Moment);
        record.Set("request.path", path);
        record.Set("request.size", size);
        record.Set("response.code", code);
        record.SetDuration("response.duration", nanoseconds);
    };

    private static Action<AttributeWriter> Spanned(
        string trace, string span, string parent, long code = 200, long size = 7, bool isClient = false) => record =>
    {
        Request("/a", size, code: code)(record);
        record.SetTimestamp("response.time", Moment + 5);
        record.Set("connection.mtls", isClient);
        record.SetIpAddress("source.ip", [10, 0, 0, 1]);
        record.Set("request.headers", new Dictionary<string, string> { ["x-trace"] = trace, ["x-span"] = span, ["x-parent"] = parent });
    };

    private static ReportedPolicy Start(Collector collector, string parameters, params (string, string, string)[] instances) =>
        Start(TimeProvider.System, collector, parameters, instances);

    private static ReportedPolicy Start(TimeProvider time, Collector collector, string parameters, params (string, string, string)[] instances) =>
        ReportedPolicy.Start(
            time, "otlp", $"endpoint: '{collector.Endpoint}', export_interval: 20ms, batch_delay: 0s, {parameters}", instances);
}
