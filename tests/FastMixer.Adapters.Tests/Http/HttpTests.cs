using FastMixer.Adapters.Http;
using FastMixer.Adapters.Tests.Support;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Http;

/// <summary>What an <c>http</c> handler asks, over real sockets, and what it makes of the answers.</summary>
public sealed class HttpTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DirectAdapter _adapter = new(new HttpAdapter());
    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task Post_SendsTheInstanceAsJson()
    {
        await using HttpTestServer server = HttpTestServer.Answering("204 No Content");
        await using TestEngine engine = Start(server.Url + "/check?a=b");

        Answer answer = await CheckAsync(engine);

        Assert.Equal((null, StatusCode.Ok), (answer.Failure, answer.Status));
        HttpExchange request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/check?a=b", "application/json"), (request.Method, request.Target, request.Headers["content-type"]));
        Assert.Equal(
            """{"subject":{"user":"jane","groups":"","properties":{"token":"Bearer 1"}},"action":{"namespace":"","service":"","method":"","path":"/a b?c=d","properties":{}}}""",
            request.Body);
    }

    [Fact]
    public async Task Get_SendsFieldsInHeadersAndQuery()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK");
        await using TestEngine engine = Start(
            server.Url + "/check?a=b",
            "method: GET",
            "headers: {x-static: s}",
            "field_headers: {x-user: subject.user, authorization: subject.properties.token, x-groups: subject.groups}",
            "query: {path: action.path, user: subject.user}");

        await CheckAsync(engine);

        HttpExchange request = Assert.Single(server.Requests);
        Assert.Equal(("GET", "/check?a=b&path=%2Fa%20b%3Fc%3Dd&user=jane", ""), (request.Method, request.Target, request.Body));
        Assert.Equal(("s", "jane", "Bearer 1"), (request.Headers["x-static"], request.Headers["x-user"], request.Headers["authorization"]));
        Assert.False(request.Headers.ContainsKey("x-groups"));
    }

    [Theory]
    [InlineData("checknothing", "{}", "{}")]
    [InlineData("listentry", "{value: request.size}", """{"value":7}""")]
    [InlineData("listentry", "{}", """{"value":""}""")]
    [InlineData(
        "apikey",
        "{api: '\"a\"', api_key: source.user, timestamp: 'timestamp(\"2026-01-02T03:04:05Z\")'}",
        """{"api":"a","api_version":"","api_operation":"","api_key":"jane","timestamp":"2026-01-02T03:04:05Z"}""")]
    [InlineData("apikey", "{}", """{"api":"","api_version":"","api_operation":"","api_key":"","timestamp":null}""")]
    public async Task EveryTemplate_IsAnObjectOfItsFields(string template, string parameters, string body)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK");
        await using TestEngine engine = TestEngine.Start(Policy(server.Url, template, parameters), _adapter);

        Assert.Equal(StatusCode.Ok, (await CheckAsync(engine)).Status);

        Assert.Equal(body, server.Requests[0].Body);
    }

    [Theory]
    [InlineData("200 OK", StatusCode.Ok)]
    [InlineData("299 Fine", StatusCode.Ok)]
    [InlineData("302 Found", StatusCode.PermissionDenied)]
    [InlineData("400 Bad Request", StatusCode.PermissionDenied)]
    [InlineData("401 Unauthorized", StatusCode.Unauthenticated)]
    [InlineData("403 Forbidden", StatusCode.PermissionDenied)]
    [InlineData("404 Not Found", StatusCode.PermissionDenied)]
    [InlineData("431 Too Long", StatusCode.PermissionDenied)]
    public async Task Status_Decides(string status, StatusCode verdict)
    {
        await using HttpTestServer server = HttpTestServer.Answering(status, "", "location: /elsewhere");
        await using TestEngine engine = Start(server.Url);

        Answer answer = await CheckAsync(engine);

        Assert.Equal((null, verdict), (answer.Failure, answer.Status));
        Assert.Equal(verdict == StatusCode.Ok ? "" : $"asked.istio-system:the authorizer answered {status[..3]}", answer.Message);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("408 Request Timeout")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    public async Task StatusOfAServerInTrouble_IsAFailure(string status)
    {
        await using HttpTestServer server = HttpTestServer.Answering(status, "ok", "cache-control: max-age=100");
        await using TestEngine engine = Start(server.Url);

        Assert.Equal($"the handler asked.istio-system failed: the authorizer answered {status[..3]}", (await CheckAsync(engine)).Failure);
    }

    [Theory]
    [InlineData("text/plain", "no\r\nway  ", "no  way")]
    [InlineData("text/plain; charset=utf-8", "grüß", "grüß")]
    [InlineData("application/json", """{"secret": 1}""", "the authorizer answered 403")]
    [InlineData("text/html", "<html>", "the authorizer answered 403")]
    [InlineData("text/plain", "   ", "the authorizer answered 403")]
    public async Task PlainBodyOfADenial_IsItsMessage(string type, string body, string message)
    {
        await using HttpTestServer server = HttpTestServer.Answering("403 Forbidden", body, "content-type: " + type);
        await using TestEngine engine = Start(server.Url);

        Assert.Equal("asked.istio-system:" + message, (await CheckAsync(engine)).Message);
    }

    [Theory]
    [InlineData(5, "x-nothing: 1")]
    [InlineData(30, "cache-control: max-age=30")]
    [InlineData(20, "cache-control: public, s-maxage=20, max-age=30")]
    [InlineData(18, "cache-control: max-age=30", "age: 12")]
    [InlineData(0, "cache-control: max-age=30", "age: 40")]
    [InlineData(60, "cache-control: max-age=31536000")]
    [InlineData(0, "cache-control: max-age=30, no-store")]
    [InlineData(0, "cache-control: no-cache")]
    [InlineData(0, "cache-control: private, max-age=30")]
    [InlineData(0, "cache-control: max-age=30", "cache-control: no-store")]
    [InlineData(0, "cache-control: max-age=much")]
    [InlineData(5, "cache-control: must-revalidate")]
    [InlineData(10, "expires: Fri, 02 Jan 2026 03:04:15 GMT")]
    [InlineData(40, "expires: Fri, 02 Jan 2026 03:05:00 GMT", "date: Fri, 02 Jan 2026 03:04:20 GMT")]
    [InlineData(0, "expires: Fri, 02 Jan 2026 03:00:00 GMT")]
    [InlineData(0, "expires: 0")]
    [InlineData(30, "expires: 0", "cache-control: max-age=30")]
    public async Task CacheHeaders_SayHowLong_OfAllowedAndDeniedAlike(int seconds, params string[] headers)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "", headers);
        await using TestEngine engine = Start(server.Url, "max_caching_interval: 60s", "caching_use_count: 9");

        Answer allowed = await CheckAsync(engine);
        server.Script = exchange => exchange.AnswerAsync("403 Forbidden", "", headers);
        Answer denied = await CheckAsync(engine);

        Assert.Equal((StatusCode.Ok, TimeSpan.FromSeconds(seconds), 9), (allowed.Status, allowed.ValidDuration, allowed.ValidUseCount));
        Assert.Equal((StatusCode.PermissionDenied, TimeSpan.FromSeconds(seconds), 9), (denied.Status, denied.ValidDuration, denied.ValidUseCount));
    }

    [Fact]
    public async Task PassedResponse_IsTheProxysReply_WithTheHeadersThatAreNamed()
    {
        await using HttpTestServer server = HttpTestServer.Answering(
            "302 Found", "<a>", "content-type: text/html", "location: https://login/", "set-cookie: a=1", "set-cookie: b=2", "x-secret: s", "www-authenticate: Basic");
        await using TestEngine engine = Start(server.Url, "pass_response: true", "pass_headers: [Location, Set-Cookie, x-none]");

        RouteDirective directive = (await CheckAsync(engine)).Directive;

        Assert.Equal(new DirectResponse(302, "<a>"), directive.Response);
        Assert.Equal(
            ["Replace Location=https://login/", "Append Set-Cookie=a=1", "Append Set-Cookie=b=2"],
            directive.ResponseHeaders.Select(header => $"{header.Kind} {header.Name}={header.Value}"));
    }

    [Fact]
    public async Task ByDefault_TheProxyWritesItsOwnReply()
    {
        await using HttpTestServer server = HttpTestServer.Answering("401 Unauthorized", "x", "www-authenticate: Basic");
        await using TestEngine engine = Start(server.Url);

        Assert.True((await CheckAsync(engine)).Directive.IsEmpty);
    }

    [Theory]
    [InlineData("jané")]
    [InlineData("a\r\nx-admin: 1")]
    [InlineData("a\0")]
    public async Task ValueThatFitsNoHeader_IsDenied_AndNothingIsAsked(string user)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK");
        await using TestEngine engine = Start(server.Url, "field_headers: {x-user: subject.user}");

        Answer answer = await CheckAsync(engine, user);

        Assert.Equal((null, StatusCode.InvalidArgument, TimeSpan.Zero), (answer.Failure, answer.Status, answer.ValidDuration));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Engine_StandsBetween_AndAsksOnceForTheSame()
    {
        await using HttpTestServer server = HttpTestServer.Answering("403 Forbidden", "no", "cache-control: max-age=60");
        await using TestEngine engine = TestEngine.Start(
            Policy(server.Url, "authorization", "{subject: {user: source.user}}", "pass_response: true"), new HttpAdapter());

        Answer[] answers = [await CheckAsync(engine), await CheckAsync(engine), await CheckAsync(engine, "joe")];

        Assert.All(answers, answer => Assert.Equal(
            (null, StatusCode.PermissionDenied, "asked.istio-system:no", new DirectResponse(403, "no")),
            (answer.Failure, answer.Status, answer.Message, answer.Directive.Response)));
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("method: GET", "1:1: The field \"url\" is missing.")]
    [InlineData("url: https://a/\nmethod: PUT", "2:9: \"method\": expected one of POST, GET, found 'PUT'.")]
    [InlineData("url: https://a/#b", "1:6: \"url\": a URL with a fragment (#) is never sent so.")]
    [InlineData("url: https://u:p@a/", "1:6: \"url\": a URL with credentials is refused")]
    [InlineData("url: file:///a", "1:6: \"url\": expected a URL that begins with http:// or https://.")]
    [InlineData("url: https://a/\nfield_headers: {x y: subject.user}", "2:17: \"headers\": \"x y\" is no name of a header")]
    [InlineData("url: https://a/\nfield_headers: {content-length: subject.user}", "2:17: \"content-length\": this header is written by the server itself.")]
    [InlineData("url: https://a/\nquery: {a: [b]}", "2:12: \"a\": expected the name of a field, such as subject.user, found a list.")]
    [InlineData("url: https://a/\npass_headers: [a]", "2:1: \"pass_headers\" has no meaning unless \"pass_response\" is true.")]
    [InlineData("url: https://a/\npass_response: true\npass_headers: [a b]", "3:16: \"pass_headers\": expected the names of headers, found 'a b'.")]
    [InlineData("url: https://a/\nquery: {a: subject.usr}", "The handler sends the field \"subject.usr\", which \"entry.instance.istio-system\" does not have. Did you mean \"subject.user\"?")]
    [InlineData("url: https://a/\nquery: {a: subject.properties.b}", "The handler sends the field \"subject.properties.b\", which")]
    [InlineData("url: https://a/\nquery: {a: subject.properties.labels}", "The handler sends the field \"subject.properties.labels\" as text, which in")]
    [InlineData("url: https://a/\nurls: x", "2:1: Unknown field \"urls\". Did you mean \"url\"?")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem)
    {
        const string Instance = "{compiledTemplate: authorization, params: {subject: {user: source.user, properties: {labels: source.labels}}}}";

        Assert.Contains(Parameters.Problems(new HttpAdapter(), parameters, Instance), one => one.Contains(problem, StringComparison.Ordinal));
    }

    private static Task<Answer> CheckAsync(TestEngine engine, string user = "jane") => engine.CheckAsync(attributes =>
    {
        attributes.Set("source.user", user);
        attributes.Set("request.path", "/a b?c=d");
        attributes.Set("request.size", 7L);
    });

    private TestEngine Start(string url, params string[] more) => TestEngine.Start(
        Policy(url, "authorization", "{subject: {user: source.user, properties: {token: '\"Bearer 1\"'}}, action: {path: request.path}}", more), _time, _adapter);

    private static string Policy(string url, string template, string parameters, params string[] more) => $$"""
        kind: handler
        metadata: {name: asked}
        spec:
          compiledAdapter: http
          params: {url: "{{url}}"{{string.Concat(more.Select(one => ", " + one))}} }
        ---
        kind: instance
        metadata: {name: request}
        spec: {compiledTemplate: {{template}}, params: {{parameters}} }
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: asked, instances: [request]}]}
        """;
}
