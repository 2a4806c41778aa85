using System.Globalization;
using System.Net;
using System.Text.Json;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Server.Admin;
using FastMixer.Server.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What an operator sees over HTTP.</summary>
public sealed class AdminTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Healthz_WhileServingAndThenDraining_SaysWhich()
    {
        await using TestServer server = TestServer.Start();
        await using AdminServer admin = Start(new HealthPage(server.Server));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        Assert.Equal((HttpStatusCode.OK, "serving\n"), await GetAsync(admin, "healthz"));

        Task stopping = server.Server.StopAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining\n"), await GetAsync(admin, "healthz"));
        client.Dispose();
        await stopping;
    }

    [Fact]
    public async Task Metrics_AreAllInstrumentsInTheTextFormatOfPrometheus()
    {
        await using TestServer server = TestServer.Start();
        await using AdminServer admin = Start(new MetricsPage());
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        client.Send(RawClient.Check(2, "/books"));
        client.Read();

        (HttpStatusCode status, string text) = await GetAsync(admin, "metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        string[] lines = text.Split('\n');
        Assert.Contains("# TYPE fastmixer_connections_accepted_total counter", lines);
        Assert.Contains("# TYPE fastmixer_connections gauge", lines);
        Assert.Contains(lines, line => line.StartsWith("fastmixer_connections_accepted_total ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("fastmixer_errors_total{code=\"overloaded\"} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("fastmixer_records_total{outcome=\"accepted\"} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("fastmixer_overload_delay_seconds ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("fastmixer_overload_queues ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("dotnet_gc_heap_total_allocated_bytes_total ", StringComparison.Ordinal));
        Assert.DoesNotContain("fastmixer_server_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_TellsHitsMissesAndSets_AsTextAndAsJson()
    {
        await using TestServer server = TestServer.StartKeeping();
        await using AdminServer admin = Start(new CachePage(server.Engine));
        using var client = new RawClient(server.Address(Transport.Tcp));
        client.Greet();
        for (uint id = 2; id < 5; id++)
        {
            client.Send(RawClient.Check(id, "/books"));
            client.Read();
        }

        (HttpStatusCode status, string text) = await GetAsync(admin, "cache");
        (_, string json) = await GetAsync(admin, "cache?format=json");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("hits      2, 66.7% of all checks", text.Replace(" %", "%", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("request.path", text, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(2, document.RootElement.GetProperty("hits").GetInt64());
        Assert.Equal(1, document.RootElement.GetProperty("misses").GetProperty("new").GetInt64());
        Assert.Equal(1, document.RootElement.GetProperty("sets").GetArrayLength());
    }

    [Fact]
    public async Task Cache_OfAServerThatKeepsNoVerdicts_SaysSo()
    {
        await using TestServer server = TestServer.Start();
        await using AdminServer admin = Start(new CachePage(server.Engine));

        Assert.Contains("--cache 0", (await GetAsync(admin, "cache")).Text, StringComparison.Ordinal);
        Assert.Contains("\"enabled\": false", (await GetAsync(admin, "cache?format=json")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_OfAFolderThatIsNotValid_IsStaleWithItsProblems()
    {
        string folder = Directory.CreateTempSubdirectory("fastmixer").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "policy.yaml"), WatchedServer.Deny("first"), Token);
        await using WatchedServer server = WatchedServer.Start(folder);
        await using AdminServer admin = Start(new ConfigPage(() => server.Watcher.Status));
        using (JsonDocument before = JsonDocument.Parse((await GetAsync(admin, "config")).Text))
        {
            Assert.Equal(1, before.RootElement.GetProperty("generation").GetInt64());
            Assert.False(before.RootElement.GetProperty("stale").GetBoolean());
            Assert.Equal(folder, before.RootElement.GetProperty("folder").GetString());
            Assert.Equal(server.Server.Engine.Current.Policy.Digest.ToString("x16", CultureInfo.InvariantCulture), before.RootElement.GetProperty("digest").GetString());
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "policy.yaml"), "kind: rule\nmetadata: {name: broken}\nspec: {match: 1 +}\n", Token);
        await server.LookUntilAsync(() => server.Watcher.IsStale);

        using JsonDocument after = JsonDocument.Parse((await GetAsync(admin, "config")).Text);
        Assert.Equal(1, after.RootElement.GetProperty("generation").GetInt64());
        Assert.True(after.RootElement.GetProperty("stale").GetBoolean());
        Assert.Contains(after.RootElement.GetProperty("problems").EnumerateArray(), problem => problem.GetString()!.Contains("policy.yaml:", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task UnknownPathsAndMethods_AreToldWhatThereIs()
    {
        await using AdminServer admin = Start(new MetricsPage(), new FailingPage());

        (HttpStatusCode missing, string text) = await GetAsync(admin, "nothing");
        Assert.Equal(HttpStatusCode.NotFound, missing);
        Assert.Equal("There is no page /nothing. There are: /, /fails, /metrics\n", text);
        using HttpResponseMessage posted = await Http.PostAsync(new Uri(admin.Address + "metrics"), null, Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        (HttpStatusCode listed, string list) = await GetAsync(admin, "");
        Assert.Equal(HttpStatusCode.OK, listed);
        Assert.Equal("/fails    always fails\n/metrics  metrics, in the text format of Prometheus\n", list);
    }

    [Fact]
    public async Task PageThatFails_IsAnErrorForItsReaderAlone()
    {
        await using AdminServer admin = Start(new FailingPage(), new FormatPage());
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await GetAsync(admin, "fails")).Status);
        }

        Assert.Equal("text\n", (await GetAsync(admin, "format")).Text);
        Assert.Equal("\"json\"\n", (await GetAsync(admin, "format?format=json")).Text);
        (HttpStatusCode, string)[] many = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(admin, "format")));
        Assert.All(many, answer => Assert.Equal((HttpStatusCode.OK, "text\n"), answer));
    }

    [Fact]
    public async Task AddressOfThisMachine_IsReachedByItsNameToo_AndTakenOnce()
    {
        await using AdminServer admin = Start(new FormatPage());
        using HttpRequestMessage named = new(HttpMethod.Get, new Uri(admin.Address + "format")) { Headers = { Host = $"localhost:{admin.Address.Port}" } };
        using HttpResponseMessage response = await Http.SendAsync(named, Token);
        Assert.Equal("text\n", await response.Content.ReadAsStringAsync(Token));

        await using var second = new AdminServer(admin.Address, [], NullLogger.Instance);
        ListenException taken = Assert.Throws<ListenException>(second.Start);
        Assert.Contains(admin.Address.ToString(), taken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9901", "http://127.0.0.1:9901/")]
    [InlineData("http://localhost:80/", "http://localhost:80/")]
    [InlineData("http://*:9901", "http://*:9901/")]
    [InlineData("http://10.0.0.1", "http://10.0.0.1:9901/")]
    [InlineData("http://[::1]:0", "http://[::1]:0/")]
    [InlineData("https://127.0.0.1:9901", null)]
    [InlineData("127.0.0.1:9901", null)]
    [InlineData("http://127.0.0.1:65536", null)]
    [InlineData("http://127.0.0.1:-1", null)]
    [InlineData("http://127.0.0.1:x", null)]
    [InlineData("http://a b:1", null)]
    [InlineData("http://:1", null)]
    [InlineData("", null)]
    public void Address_Texts_AreReadOrToldWhatWouldBeRight(string text, string? expected)
    {
        bool parsed = AdminAddress.TryParse(text, out AdminAddress? address, out string? problem);

        Assert.Equal(expected, parsed ? address!.ToString() : null);
        Assert.Equal(parsed, problem is null);
        Assert.True(parsed || problem!.Contains("http://127.0.0.1:9901", StringComparison.Ordinal));
    }

    private static AdminServer Start(params IAdminPage[] pages)
    {
        var server = new AdminServer(new AdminAddress("127.0.0.1", 0), pages, NullLogger.Instance);
        server.Start();
        return server;
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(AdminServer admin, string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(admin.Address + path), Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private sealed class FailingPage : IAdminPage
    {
        public string Path => "/fails";

        public string Description => "always fails";

        public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
        {
            reply.WriteLine("half of a page");
            throw new InvalidOperationException("on purpose");
        }
    }

    private sealed class FormatPage : IAdminPage
    {
        public string Path => "/format";

        public string Description => "text or JSON";

        public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
        {
            if (reply.WantsJson)
            {
                reply.WriteJson(json => json.WriteStringValue("json"));
            }
            else
            {
                reply.WriteLine("text");
            }

            return Task.CompletedTask;
        }
    }
}
