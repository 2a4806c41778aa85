using FastMixer.Adapters;
using FastMixer.Client;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What verdicts ask of a proxy, from the policy to the client.</summary>
public sealed class DirectiveTests
{
    private const string Policy = """
        kind: denier
        metadata: {name: login}
        spec:
          status: {code: UNAUTHENTICATED, message: who are you?}
          direct_response:
            code: 302
            body: see there
            headers:
              location: /login
              set-cookie: "session=; Expires=Wed, 21 Oct 2015 07:28:00 GMT, tried=1"
        ---
        kind: denier
        metadata: {name: gone}
        spec: {status: {code: NOT_FOUND}, directResponse: {body: gone}}
        ---
        kind: denier
        metadata: {name: full}
        spec: {}
        ---
        kind: checknothing
        metadata: {name: nothing}
        ---
        kind: quota
        metadata: {name: rate}
        ---
        kind: rule
        metadata: {name: anonymous}
        spec:
          match: (source.user | "") == ""
          actions: [{handler: login.denier, instances: [nothing.checknothing]}]
        ---
        kind: rule
        metadata: {name: gone}
        spec:
          match: (request.path | "") == "/gone"
          actions: [{handler: gone.denier, instances: [nothing.checknothing]}]
        ---
        kind: rule
        metadata: {name: rate}
        spec: {actions: [{handler: full.denier, instances: [rate.quota]}]}
        ---
        kind: rule
        metadata: {name: identity}
        spec:
          requestHeaderOperations:
          - {name: x-user, operation: REMOVE}
          - {name: x-user, values: [source.user], operation: APPEND}
          responseHeaderOperations:
          - {name: server, values: ['"mesh"']}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Udp)]
    public async Task AllowedCheck_HasTheHeaderOperations(Transport transport)
    {
        await using TestServer server = TestServer.Start(Policy);

        Verdict verdict = await CheckAsync(server, transport, "jane");

        Assert.True(verdict.IsAllowed);
        Assert.Null(verdict.Directive.Response);
        Assert.Equal(
            [new(HeaderOperationKind.Remove, "x-user", ""), new(HeaderOperationKind.Append, "x-user", "jane")], verdict.Directive.RequestHeaders);
        Assert.Equal([new(HeaderOperationKind.Replace, "server", "mesh")], verdict.Directive.ResponseHeaders);
        Assert.Contains(new ReferencedAttribute("source.user", null, true), verdict.Referenced);
    }

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Udp)]
    public async Task Denial_HasTheDirectResponse(Transport transport)
    {
        await using TestServer server = TestServer.Start(Policy);

        Verdict verdict = await CheckAsync(server, transport, "");
        Verdict gone = await CheckAsync(server, transport, "jane", "/gone");

        Assert.Equal(StatusCode.Unauthenticated, verdict.Status);
        Assert.Equal(new DirectResponse(302, "see there"), verdict.Directive.Response);
        Assert.Empty(verdict.Directive.RequestHeaders);
        Assert.Equal(
            [
                new(HeaderOperationKind.Replace, "location", "/login"),
                new(HeaderOperationKind.Append, "set-cookie", "session=; Expires=Wed, 21 Oct 2015 07:28:00 GMT"),
                new(HeaderOperationKind.Append, "set-cookie", "tried=1"),
            ],
            verdict.Directive.ResponseHeaders);
        Assert.Equal(new DirectResponse(404, "gone"), gone.Directive.Response);
    }

    [Theory]
    [InlineData(Transport.Tcp, "jane\r\nx-admin: 1")]
    [InlineData(Transport.Udp, "jane\r\nx-admin: 1")]
    [InlineData(Transport.Tcp, "jane\0")]
    [InlineData(Transport.Tcp, "jane\n")]
    public async Task ValueThatWouldSplitTheHeader_IsNeverSent(Transport transport, string user)
    {
        await using TestServer server = TestServer.Start(Policy);

        Verdict verdict = await CheckAsync(server, transport, user);

        Assert.Equal([new(HeaderOperationKind.Remove, "x-user", "")], verdict.Directive.RequestHeaders);
        Assert.Equal(1, server.Engine.RuleErrors["identity.rule.istio-system"].HeaderOperation);
    }

    [Fact]
    public async Task Datagram_WithoutRoomForTheOperations_GetsAnErrorAndNoBareOk()
    {
        await using TestServer server = TestServer.Start(Policy);
        await using MixerConnection client = Connect(server, padding: 16);
        using var attributes = new AttributeWriter();
        attributes.Set("source.user", "jane");

        MixerErrorException error = await Assert.ThrowsAsync<MixerErrorException>(async () => await client.CheckAsync(attributes, Token));

        Assert.Equal(ErrorCode.AnswerTooLarge, error.Code);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(256, true)]
    public async Task Datagram_WithQuotas_TakesThemOnlyWhereTheOperationsFitToo(int padding, bool fits)
    {
        await using TestServer server = TestServer.Start(Policy);
        await using MixerConnection client = Connect(server, padding);
        using var attributes = new AttributeWriter();
        attributes.Set("source.user", "jane");

        async Task<Verdict> Ask() => await client.CheckAsync(attributes, [new QuotaRequest("rate", 1)], "once", Token);

        if (fits)
        {
            Verdict verdict = await Ask();
            Assert.Single(verdict.Quotas);
            Assert.Equal(2, verdict.Directive.RequestHeaders.Count);
        }
        else
        {
            Assert.Equal(ErrorCode.AnswerTooLarge, (await Assert.ThrowsAsync<MixerErrorException>(Ask)).Code);
        }
    }

    [Fact]
    public async Task Datagram_WithoutRoomForTheDirectResponse_IsStillADenial_NotToBeReused()
    {
        await using TestServer server = TestServer.Start(Policy);
        await using MixerConnection client = Connect(server, padding: 16);
        using var attributes = new AttributeWriter();

        Verdict verdict = await client.CheckAsync(attributes, Token);

        Assert.Equal(StatusCode.Unauthenticated, verdict.Status);
        Assert.True(verdict.Directive.IsEmpty);
        Assert.Equal((TimeSpan.Zero, 0), (verdict.ValidDuration, verdict.ValidUseCount));
    }

    [Theory]
    [InlineData("direct_response: {code: 199}", "2:26: error: \"code\": expected an HTTP status from 200 to 599, or 0 for that of the status, found '199'.")]
    [InlineData("direct_response: {code: 600}", "2:26: error: \"code\": expected a whole number from 0 to 599, found '600'.")]
    [InlineData("direct_response: {header: {}}", "2:20: error: Unknown field \"header\". Did you mean \"headers\"?")]
    [InlineData("direct_response: {headers: {x y: a}}", "2:30: error: \"headers\": \"x y\" is no name of a header: expected at most 256 letters, digits and !#$%&'*+-.^_`|~.")]
    [InlineData("direct_response: {headers: {x: [a]}}", "2:33: error: \"x\": expected text, found a list.")]
    [InlineData("direct_response: {headers: {x: \"a\\r\\nb: c\"}}", "2:33: error: \"x\": no header can have this value: expected at most 4096 bytes, no control characters but the tab.")]
    [InlineData("direct_response: {headers: [a]}", "2:29: error: \"headers\": expected a mapping, found a list.")]
    [InlineData("direct_response: see there", "2:19: error: Expected a mapping of fields, found 'see there'.")]
    [InlineData("status: {code: OK}, direct_response: {code: 302}", "2:22: error: \"direct_response\": only a denial has one, and the status is OK.")]
    public void WrongDirectResponse_IsToldWithItsPlace(string spec, string problem)
    {
        LoadResult loaded = LoadDenier($"\n {spec}");

        Assert.Null(loaded.Snapshot);
        Assert.Contains("test.yaml:" + problem, loaded.Problems.Select(found => found.ToString()));
    }

    [Fact]
    public void DirectResponseThatADirectiveCannotHold_IsTold()
    {
        string headers = string.Join(", ", Enumerable.Range(0, 63).Select(i => $"x-{i}: a"));
        LoadResult cookies = LoadDenier($"direct_response: {{headers: {{{headers}, set-cookie: 'a=b, c=d'}}}}");
        LoadResult body = LoadDenier($"direct_response: {{body: {new string('b', 65_537)}}}");

        Assert.Equal(["\"headers\": at most 64 are allowed, each cookie being one, found 65."], cookies.Problems.Where(IsError).Select(problem => problem.Message));
        Assert.Equal(["\"body\": at most 65536 bytes are allowed, found 65537."], body.Problems.Where(IsError).Select(problem => problem.Message));
    }

    private static bool IsError(Problem problem) => problem.Severity == Severity.Error;

    private static LoadResult LoadDenier(string spec) =>
        ConfigLoader.Load([new ConfigSource("test.yaml", $"{{kind: denier, metadata: {{name: d}}, spec: {{{spec}}}}}")], BuiltInAdapters.Registry.Catalog);

    private static MixerConnection Connect(TestServer server, int padding) => new(new MixerConnectionOptions
    {
        Server = server.Address(Transport.Udp),
        Timeout = TimeSpan.FromSeconds(20),
        DatagramPadding = padding,
    });

    private static async Task<Verdict> CheckAsync(TestServer server, Transport transport, string user, string path = "/books")
    {
        await using MixerConnection client = new(new MixerConnectionOptions
        {
            Server = server.Address(transport),
            Timeout = TimeSpan.FromSeconds(20),
            DatagramPadding = 512,
        });
        using var attributes = new AttributeWriter();
        attributes.Set("source.user", user);
        attributes.Set("request.path", path);
        return await client.CheckAsync(attributes, Token);
    }
}
