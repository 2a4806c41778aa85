using System.Net;
using FastMixer.Adapters.Tests.Support;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests;

/// <summary>The sample of authorization: it loads without a complaint, and decides as it says, with its services there and without.</summary>
public sealed class AuthorizationSampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "authorization");

    [Fact]
    public void Sample_LoadsWithoutAProblem()
    {
        var problems = new List<Problem>();
        LoadResult loaded = ConfigLoader.Load(ConfigDirectory.Read(Folder, problems), BuiltInAdapters.Registry.Catalog);

        Assert.Empty(problems.Concat(loaded.Problems));
    }

    [Theory]
    [InlineData("products", "GET", "/", "", "10.0.0.1", StatusCode.Ok)]
    [InlineData("products", "POST", "/", "", "10.0.0.1", StatusCode.PermissionDenied)]
    [InlineData("orders", "POST", "/orders/7", "storefront", "10.0.0.1", StatusCode.Ok)]
    [InlineData("orders", "POST", "/orders/7", "", "10.0.0.1", StatusCode.PermissionDenied)]
    [InlineData("products", "GET", "/", "", "192.0.2.9", StatusCode.PermissionDenied)]
    [InlineData("products", "GET", "/", "", "2001:db8:bad::1", StatusCode.PermissionDenied)]
    public async Task Shop_GoesByRolesAndByTheList(string service, string method, string path, string team, string ip, StatusCode status)
    {
        string list = await File.ReadAllTextAsync(Path.Combine(Folder, "sources.txt"), TestContext.Current.CancellationToken);
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", list);
        await using TestEngine engine = Start(server.Url);

        Assert.Equal(status, (await AskShopAsync(engine, service, method, path, team, ip)).Status);
    }

    [Fact]
    public async Task WithoutTheList_TheShopIsShut()
    {
        await using HttpTestServer server = HttpTestServer.Answering("500 No");
        await using TestEngine engine = Start(server.Url);

        Answer answer = await AskShopAsync(engine, "products", "GET", "/", "", "10.0.0.1");

        Assert.Equal((StatusCode.PermissionDenied, TimeSpan.Zero), (answer.Status, answer.ValidDuration));
    }

    [Fact]
    public async Task Office_IsSentToTheLogin()
    {
        await using var server = new HttpTestServer(exchange => exchange.Headers.ContainsKey("cookie")
            ? exchange.AnswerAsync("200 OK")
            : exchange.AnswerAsync("302 Found", "", "location: /login?to=" + exchange.Headers.GetValueOrDefault("x-forwarded-uri", "")));
        await using TestEngine engine = Start(server.Url);

        Answer first = await AskOfficeAsync(engine, "");
        Answer second = await AskOfficeAsync(engine, "session=1");

        Assert.Equal((StatusCode.PermissionDenied, 302), (first.Status, first.Directive.Response!.HttpStatus));
        Assert.Equal("/login?to=/books", Assert.Single(first.Directive.ResponseHeaders).Value);
        Assert.Equal((StatusCode.Ok, TimeSpan.Zero), (second.Status, second.ValidDuration));
    }

    private static Task<Answer> AskShopAsync(TestEngine engine, string service, string method, string path, string team, string ip) => engine.CheckAsync(attributes =>
    {
        attributes.Set("destination.namespace", "shop");
        attributes.Set("destination.service.name", service);
        attributes.Set("request.method", method);
        attributes.Set("request.path", path);
        attributes.Set("source.labels", [KeyValuePair.Create("team", team)]);
        attributes.SetIpAddress("source.ip", IPAddress.Parse(ip).GetAddressBytes());
    });

    private static Task<Answer> AskOfficeAsync(TestEngine engine, string cookie) => engine.CheckAsync(attributes =>
    {
        attributes.Set("destination.namespace", "office");
        attributes.Set("request.path", "/books");
        attributes.Set("request.headers", [KeyValuePair.Create("cookie", cookie)]);
    });

    // The services are where the test has them.
    private static TestEngine Start(string url)
    {
        string policy = Assert.Single(ConfigDirectory.Read(Folder, [])).Text
            .Replace("http://127.0.0.1:8099", url, StringComparison.Ordinal)
            .Replace("http://login.office.svc.cluster.local", url, StringComparison.Ordinal);
        return TestEngine.Start(policy, [.. BuiltInAdapters.All.Select(adapter => new DirectAdapter(adapter))]);
    }
}
