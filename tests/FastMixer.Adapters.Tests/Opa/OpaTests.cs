using FastMixer.Adapters.Opa;
using FastMixer.Adapters.Tests.Support;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.Opa;

/// <summary>What an <c>opa</c> handler asks, over real sockets, and what it makes of the answers of OPA's data API.</summary>
public sealed class OpaTests
{
    private readonly DirectAdapter _adapter = new(new OpaAdapter());

    [Fact]
    public async Task Question_IsTheInstance_AsInputOfTheDocument()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", """{"result": true}""");
        await using TestEngine engine = Start(server.Url + "/base/", "headers: {authorization: Bearer abc}");

        Answer answer = await CheckAsync(engine);

        Assert.Equal((null, StatusCode.Ok, TimeSpan.FromSeconds(5), 1000), (answer.Failure, answer.Status, answer.ValidDuration, answer.ValidUseCount));
        HttpExchange request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/base/v1/data/istio/au%20thz/allow"), (request.Method, request.Target));
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.Equal("Bearer abc", request.Headers["authorization"]);
        Assert.Equal(
            """{"input":{"subject":{"user":"jane \u0022x\u0022","groups":"","properties":{"ip":"10.0.0.1","labels":{"app":"web"},"size":5}}"""
            + ""","action":{"namespace":"shop","service":"","method":"","path":"/a","properties":{}}}}""",
            request.Body);
    }

    [Theory]
    [InlineData("""{"result": true}""", StatusCode.Ok, "")]
    [InlineData("""{"decision_id": "1", "result": true, "metrics": {"timer": [1, {}]}}""", StatusCode.Ok, "")]
    [InlineData("""{"result": false}""", StatusCode.PermissionDenied, "asked.istio-system:denied by policy")]
    [InlineData("""{"result": {"allow": true, "message": "welcome", "more": [1]}}""", StatusCode.Ok, "")]
    [InlineData("""{"result": {"message": "not\tyou\n", "allow": false}}""", StatusCode.PermissionDenied, "asked.istio-system:not you")]
    [InlineData("""{"result": {"allow": false, "message": ""}}""", StatusCode.PermissionDenied, "asked.istio-system:denied by policy")]
    public async Task Decision_IsTheVerdict(string body, StatusCode status, string message)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", body);
        await using TestEngine engine = Start(server.Url, "caching_interval: 1m", "caching_use_count: -1");

        Answer answer = await CheckAsync(engine);

        Assert.Equal(
            (null, status, message, TimeSpan.FromMinutes(1), -1),
            (answer.Failure, answer.Status, answer.Message, answer.ValidDuration, answer.ValidUseCount));
    }

    [Fact]
    public async Task LongMessage_IsCutAtTheEndOfACharacter()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", $$$"""{"result": {"allow": false, "message": "{{{new string('é', 2000)}}}"}}""");
        await using TestEngine engine = Start(server.Url);

        Answer answer = await CheckAsync(engine);

        Assert.Equal("asked.istio-system:" + new string('é', 512), answer.Message);
    }

    [Theory]
    [InlineData("undefined: FAIL", "the handler asked.istio-system failed: OPA has no decision: the document is undefined for the request")]
    [InlineData("undefined: DENY", null)]
    public async Task UndefinedDocument_IsAFailureOrADenial(string undefined, string? failure)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "{}");
        await using TestEngine engine = Start(server.Url, undefined);

        Answer answer = await CheckAsync(engine);

        Assert.Equal(failure, answer.Failure);
        Assert.True(failure is not null || answer.Status == StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("""{"result": "true"}""", "OPA answered with neither")]
    [InlineData("""{"result": null}""", "OPA answered with neither")]
    [InlineData("""{"result": {"allow": "yes"}}""", "OPA answered with neither")]
    [InlineData("""{"result": {}}""", "OPA answered with neither")]
    [InlineData("""{"result": false, "result": true}""", "OPA answered with neither")]
    [InlineData("""{"result": {"allow": false, "allow": true}}""", "OPA answered with neither")]
    [InlineData("""{"result": {"allow": false, "message": 1}}""", "OPA answered with neither")]
    [InlineData("[true]", "OPA answered with neither")]
    [InlineData("""{"result": true""", "OPA did not answer with JSON")]
    [InlineData("""{"result": true} x""", "OPA did not answer with JSON")]
    [InlineData("""{"result": {"allow": false, "message": "\ud800"}}""", "OPA did not answer with JSON")]
    [InlineData("<html>", "OPA did not answer with JSON")]
    [InlineData("", "OPA did not answer with JSON")]
    public async Task AnswerThatIsNone_IsAFailure(string body, string reason)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", body);
        await using TestEngine engine = Start(server.Url);

        Answer answer = await CheckAsync(engine);

        Assert.StartsWith("the handler asked.istio-system failed: " + reason, answer.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeepAnswer_IsAFailure()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", $$"""{"result": true, "x": {{new string('[', 10_000)}}""");
        await using TestEngine engine = Start(server.Url);

        Assert.EndsWith("OPA did not answer with JSON", (await CheckAsync(engine)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherStatus_IsAFailure_WithoutWhatTheServerSays()
    {
        await using HttpTestServer server = HttpTestServer.Answering("500 Internal Server Error", """{"result": true, "message": "secret"}""");
        await using TestEngine engine = Start(server.Url);

        Assert.EndsWith("failed: OPA answered 500 instead of 200", (await CheckAsync(engine)).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path: a", "1:1: The field \"serverUrl\" is missing.")]
    [InlineData("server_url: http://opa", "1:1: The field \"path\" is missing.")]
    [InlineData("server_url: ftp://opa\npath: a", "1:13: \"server_url\": expected a URL that begins with http:// or https://.")]
    [InlineData("server_url: opa\npath: a", "1:13: \"server_url\": expected a URL that begins with http:// or https://.")]
    [InlineData("server_url: http://opa/?a=b\npath: a", "1:13: \"server_url\": expected a URL without a query (?).")]
    [InlineData("server_url: http://opa\npath: /a", "2:7: \"path\": expected the document's names, joined by slashes, such as istio/authz/allow, found '/a'.")]
    [InlineData("server_url: http://opa\npath: a/../b", "2:7: \"path\": expected the document's names, joined by slashes, such as istio/authz/allow, found 'a/../b'.")]
    [InlineData("server_url: http://opa\npath: a\nundefined: ALLOW", "3:12: \"undefined\": expected one of FAIL, DENY, found 'ALLOW'.")]
    [InlineData("server_url: http://opa\npath: a\nca_file: /a.pem", "3:1: \"ca_file\": only an https URL has a use for it.")]
    [InlineData("server_url: http://opa\npath: a\nmax_connections: 0", "3:18: \"max_connections\": expected a whole number from 1 to 4096, found '0'.")]
    [InlineData("server_url: http://opa\npath: a\nheaders: {Host: x}", "3:11: \"Host\": this header is written by the server itself.")]
    [InlineData("server_url: http://opa\npath: a\npolicy: x", "3:1: Unknown field \"policy\".")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem)
    {
        Assert.Contains(Parameters.Problems(new OpaAdapter(), parameters), one => one.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_AreNotTold()
    {
        IReadOnlyList<string> problems = Parameters.Problems(new OpaAdapter(), "server_url: http://jane:secret@opa\npath: a\nheaders: {authorization: \"sec\\nret\"}");

        Assert.Equal(
            [
                "1:13: \"server_url\": a URL with credentials is refused, since URLs are told in logs; give them as one of the \"headers\", such as authorization.",
                "3:26: \"authorization\": no header can have this value: expected at most 4096 bytes of ASCII, no control characters but the tab.",
            ],
            problems);
    }

    private static Task<Answer> CheckAsync(TestEngine engine) => engine.CheckAsync(attributes =>
    {
        attributes.Set("source.user", "jane \"x\"");
        attributes.SetIpAddress("source.ip", [10, 0, 0, 1]);
        attributes.Set("request.size", 5L);
        attributes.Set("source.labels", [KeyValuePair.Create("app", "web")]);
        attributes.Set("request.path", "/a");
    });

    private TestEngine Start(string url, params string[] more) => TestEngine.Start($$"""
        kind: handler
        metadata: {name: asked}
        spec:
          compiledAdapter: opa
          params: {server_url: "{{url}}", path: istio/au thz/allow{{string.Concat(more.Select(one => ", " + one))}} }
        ---
        kind: instance
        metadata: {name: request}
        spec:
          compiledTemplate: authorization
          params:
            subject: {user: source.user, properties: {size: request.size, ip: source.ip, labels: source.labels} }
            action: {namespace: '"shop"', path: request.path}
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: asked, instances: [request]}]}
        """, _adapter);
}
