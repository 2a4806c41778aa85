using System.Globalization;
using FastMixer.Adapters.Prometheus;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Prometheus;

/// <summary>What a scrape gets, over HTTP; as promtool and a Prometheus server see it; and across changes of the configuration.</summary>
public sealed class PrometheusTests
{
    private readonly int _port = FreePort.Find();
    private readonly PrometheusAdapter _adapter = new();

    [Fact]
    public async Task Scrape_HasEveryKindOfMetric_SummedUp()
    {
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        engine.Report(Record("/a", 200, 100, 30), Record("/a", 200, 50, 700), Record("/b", 404, 7, 1));
        await Settled(engine, 3);

        string text = await ScrapeAsync();

        Assert.Equal(
            """
            # HELP istio_request_bytes The sizes of requests.
            # TYPE istio_request_bytes gauge
            istio_request_bytes{path="/a"} 50
            istio_request_bytes{path="/b"} 7
            # HELP istio_request_duration_seconds How long requests take.
            # TYPE istio_request_duration_seconds histogram
            istio_request_duration_seconds_bucket{path="/a",le="0.05"} 1
            istio_request_duration_seconds_bucket{path="/a",le="0.5"} 1
            istio_request_duration_seconds_bucket{path="/a",le="+Inf"} 2
            istio_request_duration_seconds_sum{path="/a"} 0.73
            istio_request_duration_seconds_count{path="/a"} 2
            istio_request_duration_seconds_bucket{path="/b",le="0.05"} 1
            istio_request_duration_seconds_bucket{path="/b",le="0.5"} 1
            istio_request_duration_seconds_bucket{path="/b",le="+Inf"} 1
            istio_request_duration_seconds_sum{path="/b"} 0.001
            istio_request_duration_seconds_count{path="/b"} 1
            # HELP istio_requests_total Requests.
            # TYPE istio_requests_total counter
            istio_requests_total{path="/a",response_code="200"} 2
            istio_requests_total{path="/b",response_code="404"} 1

            """,
            text);
    }

    [Fact]
    public async Task Labels_AreEscaped_AndPromtoolFindsNothingWrong()
    {
        Tool promtool = Tool.Require("promtool");
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        engine.Report(Record("a\\b\"c\nd{}é", 200, 1, 1), Record("", 0, 1, 1));
        await Settled(engine, 2);

        string text = await ScrapeAsync();

        Assert.Contains("""istio_requests_total{path="a\\b\"c\nd{}é",response_code="200"} 1""", text, StringComparison.Ordinal);
        (int exit, string output) = await promtool.RunAsync(["check", "metrics"], text);
        Assert.Equal((0, ""), (exit, output.Trim()));
    }

    [Fact]
    public async Task RealServer_HasTheNumbersThatWereSent()
    {
        Tool server = Tool.Require("prometheus");
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        const int Messages = 50;
        byte[] message = TestEngine.EncodeReport([.. Enumerable.Range(0, 100).Select(i => Record("/" + (i % 10), 200 + (i % 2), i, i))]);
        for (int i = 0; i < Messages; i++)
        {
            engine.Report(message, 100);
        }

        await Settled(engine, Messages * 100);
        await using RunningPrometheus prometheus = await RunningPrometheus.StartAsync(server, _port);

        Assert.Equal(Messages * 100, await prometheus.QueryAsync("sum(istio_requests_total)", Messages * 100));
        Assert.Equal(Messages * 5, await prometheus.QueryAsync("istio_requests_total{path=\"/3\",response_code=\"201\"} * 0.5", Messages * 5));
        Assert.Equal(Messages * 100, await prometheus.QueryAsync("sum(istio_request_duration_seconds_count)", Messages * 100));
    }

    [Fact]
    public async Task MetricsThatDoNotChange_KeepTheirValues_WhenTheConfigurationDoes_AndOthersBeginAnew()
    {
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        engine.Report(Record("/a", 200, 1, 1), Record("/a", 200, 2, 1));
        await Settled(engine, 2);

        // Other buckets: the handler is made anew, one metric of it defined anew.
        engine.Replace(Policy(buckets: "0.1, 0.2"));
        engine.Report(Record("/a", 200, 3, 1), Record("/c", 200, 4, 1));
        await Settled(engine, 4);
        await Eventually.TrueAsync(() => engine.Engine.Counters.HandlersEnded == 1);
        string text = await ScrapeAsync();

        Assert.Contains("istio_requests_total{path=\"/a\",response_code=\"200\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("istio_requests_total{path=\"/c\",response_code=\"200\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("istio_request_bytes{path=\"/a\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("istio_request_duration_seconds_count{path=\"/a\"} 1\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.StartsWith("istio_requests_total{path=\"/a\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HandlerThatIsKept_GoesOnWithItsValues()
    {
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        engine.Report(Record("/a", 200, 1, 1));
        await Settled(engine, 1);

        engine.Replace(Policy() + "\n---\nkind: handler\nmetadata: {name: more}\nspec: {compiledAdapter: prometheus, params: {address: \"localhost:" + _port + "\"}}");
        engine.Report(Record("/a", 200, 1, 1));
        await Settled(engine, 2);

        Assert.Contains("istio_requests_total{path=\"/a\",response_code=\"200\"} 2\n", await ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandlersAtOneAddress_AreScrapedTogether()
    {
        string other = Policy("other").Replace("namespace: istio,", "namespace: other,", StringComparison.Ordinal);
        await using TestEngine engine = TestEngine.Start(Policy() + "\n---\n" + other, _adapter);
        engine.Report(Record("/a", 200, 1, 1));
        await Settled(engine, 1);

        string text = await ScrapeAsync();

        Assert.Contains("istio_requests_total{path=\"/a\",response_code=\"200\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("other_requests_total{path=\"/a\",response_code=\"200\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeriesThatNobodyCountsInto_Expire()
    {
        var time = new FakeTimeProvider();
        await using TestEngine engine = TestEngine.Start(Policy(expiry: "60s"), time, _adapter);
        engine.Report(Record("/a", 200, 1, 1));
        await Settled(engine, 1);
        time.Advance(TimeSpan.FromSeconds(45));
        engine.Report(Record("/b", 200, 1, 1));
        await Settled(engine, 2);

        time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => engine.Engine.Current.ReportCounters["prometheus.handler.istio-system"].ExpiredSeries > 0);
        string text = await ScrapeAsync();

        Assert.DoesNotContain("/a", text, StringComparison.Ordinal);
        Assert.Contains("/b", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherPathsAndMethods_AreNotFound()
    {
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);
        using var client = new HttpClient();

        HttpResponseMessage path = await client.GetAsync($"http://localhost:{_port}/", TestContext.Current.CancellationToken);
        HttpResponseMessage method = await client.PostAsync($"http://localhost:{_port}/metrics", null, TestContext.Current.CancellationToken);

        Assert.Equal((404, 404), ((int)path.StatusCode, (int)method.StatusCode));
    }

    [Fact]
    public async Task AddressThatIsTaken_IsNoHandler()
    {
        await using TestEngine engine = TestEngine.Start(Policy(), _adapter);

        // Another adapter: as another process would.
        var exception = Assert.Throws<Engine.Snapshots.HandlerStartException>(() => TestEngine.Start(Policy(), new PrometheusAdapter()));
        Assert.Contains("cannot be listened at", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("label_names: [path, response_code]", "label_names: [path]", "no label \"response_code\"")]
    [InlineData("label_names: [path, response_code]", "label_names: [path, response_code, more]", "no dimension \"more\"")]
    [InlineData("instance_name: count,", "instance_name: nothing,", "has no metric for the instance \"count.metric.istio-system\"")]
    [InlineData("{namespace: istio, name: requests_total,", "{namespace: \"9 lives\", name: requests_total,", "is no name that Prometheus allows")]
    [InlineData("kind: COUNTER", "kind: TIMER", "expected one of COUNTER, GAUGE, DISTRIBUTION")]
    [InlineData("bounds: [0.05, 0.5]", "bounds: [0.5, 0.05]", "each above the one before")]
    [InlineData("address: \"localhost", "address: \"", "expected host:port or :port")]
    [InlineData("value: \"1\"", "value: request.time", "expected INT64, DOUBLE, DURATION")]
    public void ParametersThatDoNotFit_AreProblems(string right, string wrong, string problem)
    {
        string policy = Policy().Replace(right, wrong, StringComparison.Ordinal).Replace("\":" + _port, "\"" + (wrong.StartsWith("address", StringComparison.Ordinal) ? "x" : ":" + _port), StringComparison.Ordinal);

        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", policy)], new AdapterRegistry([_adapter]).Catalog);

        Assert.Contains(loaded.Problems, found => found.Message.Contains(problem, StringComparison.Ordinal));
    }

    private static Action<AttributeWriter> Record(string path, long code, long bytes, int milliseconds) => record =>
    {
        record.Set("request.path", path);
        record.Set("response.code", code);
        record.Set("request.size", bytes);
        record.SetDuration("response.duration", milliseconds * 1_000_000L);
    };

    private static Task Settled(TestEngine engine, long records) => Eventually.TrueAsync(() => engine.Engine.Counters.RecordsDelivered == records);

    private string Policy(string name = "prometheus", string buckets = "0.05, 0.5", string expiry = "1h") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        kind: handler
        metadata: {name: {{name}} }
        spec:
          compiledAdapter: prometheus
          params:
            address: "localhost:{{_port}}"
            metrics_expiration_policy: {metrics_expiry_duration: {{expiry}} }
            metrics:
            - {namespace: istio, name: requests_total, instance_name: count, description: Requests., kind: COUNTER, label_names: [path, response_code]}
            - {namespace: istio, name: request_bytes, instance_name: size, description: The sizes of requests., kind: GAUGE, label_names: [path]}
            - namespace: istio
              name: request_duration_seconds
              instance_name: duration
              description: How long requests take.
              kind: DISTRIBUTION
              label_names: [path]
              buckets:
                explicit_buckets: {bounds: [{{buckets}}]}
        """) + (name == "prometheus" ? Instances : "") + $$"""

        ---
        kind: rule
        metadata: {name: {{name}} }
        spec: {actions: [{handler: {{name}}, instances: [count.metric, size.metric, duration.metric]}]}
        """;

    private const string Instances = """

        ---
        kind: metric
        metadata: {name: count}
        spec: {value: "1", dimensions: {path: request.path | "", response_code: response.code | 0}}
        ---
        kind: metric
        metadata: {name: size}
        spec: {value: request.size | 0, dimensions: {path: request.path | ""}}
        ---
        kind: metric
        metadata: {name: duration}
        spec: {value: response.duration | "0s", dimensions: {path: request.path | ""}}
        """;

    private async Task<string> ScrapeAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync($"http://localhost:{_port}/metrics", TestContext.Current.CancellationToken);
    }
}
