using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Checks;

/// <summary>A check that names no quota is charged what QuotaSpecs say for its service.</summary>
public sealed class QuotaSpecTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: full}
        spec: {compiledAdapter: fake}
        ---
        kind: handler
        metadata: {name: none}
        spec: {compiledAdapter: fake, params: {answer: RESOURCE_EXHAUSTED}}
        ---
        kind: instance
        metadata: {name: requests}
        spec: {compiledTemplate: quota}
        ---
        kind: instance
        metadata: {name: logins}
        spec: {compiledTemplate: quota}
        ---
        kind: rule
        metadata: {name: requests}
        spec: {actions: [{handler: full, instances: [requests]}]}
        ---
        kind: rule
        metadata: {name: logins}
        spec: {actions: [{handler: none, instances: [logins]}]}
        ---
        kind: QuotaSpec
        metadata: {name: all}
        spec:
          rules:
          - quotas: [{quota: Requests, charge: 2}]
          - match:
            - clause: {request.path: {prefix: /login}, request.method: {exact: POST}}
            - clause: {request.path: {regex: "/(sign|log)in"}}
            quotas: [{quota: logins, charge: 1}, {quota: requests, charge: 3}]
        ---
        kind: QuotaSpecBinding
        metadata: {name: all}
        spec:
          quotaSpecs: [{name: all}]
          services: [SERVICE]
        """;

    [Theory]
    [InlineData("{service: '*'}", "anything", true)]
    [InlineData("{service: reviews.example.com}", "reviews.example.com", true)]
    [InlineData("{service: reviews.example.com}", "ratings.example.com", false)]
    [InlineData("{name: reviews, namespace: shop}", "reviews.shop.svc.cluster.local", true)]
    [InlineData("{name: reviews}", "reviews.istio-system.svc.cluster.local", true)]
    [InlineData("{name: reviews, namespace: shop, domain: corp}", "reviews.shop.corp", true)]
    [InlineData("{name: reviews, namespace: shop}", "reviews.other.svc.cluster.local", false)]
    public async Task Service_DecidesWhetherACheckIsCharged(string service, string host, bool charged)
    {
        await using var engine = TestEngine.Start(Policy.Replace("SERVICE", service, StringComparison.Ordinal));

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("destination.service.host", host));

        Assert.Equal(StatusCode.Ok, answer.Status);
        Assert.Equal(charged ? (TimeSpan.Zero, 0) : (TimeSpan.FromMinutes(1), 10_000), (answer.ValidDuration, answer.ValidUseCount));
    }

    [Theory]
    [InlineData("/login", "POST", true)]
    [InlineData("/login/x", "POST", true)]
    [InlineData("/login/x", "GET", false)]
    [InlineData("/login", "GET", true)]
    [InlineData("/signin", "GET", true)]
    [InlineData("/signin/x", "GET", false)]
    [InlineData("/signin\n", "GET", false)]
    [InlineData("/books", "POST", false)]
    public async Task ExhaustedQuota_DeniesTheCheck_WhereAnyMatchHolds(string path, string method, bool denied)
    {
        await using var engine = TestEngine.Start(Policy.Replace("SERVICE", "{service: '*'}", StringComparison.Ordinal));

        Answer answer = await engine.CheckAsync(Fill(path, method));

        Assert.Equal(denied ? StatusCode.ResourceExhausted : StatusCode.Ok, answer.Status);
        Assert.Equal(denied ? "Quota is exhausted for: logins" : "", answer.Message);
        Assert.Equal((TimeSpan.Zero, 0), (answer.ValidDuration, answer.ValidUseCount));
    }

    [Fact]
    public async Task CheckThatNamesQuotas_IsChargedNoOthers()
    {
        await using var engine = TestEngine.Start(Policy.Replace("SERVICE", "{service: '*'}", StringComparison.Ordinal));

        Answer answer = await engine.CheckAsync(Fill("/login", "POST"), new QuotaRequest("requests", 1));

        Assert.Equal((StatusCode.Ok, TimeSpan.FromMinutes(1)), (answer.Status, answer.ValidDuration));
        Assert.Equal([1L], answer.Grants);
    }

    [Fact]
    public async Task AbsentAttribute_DoesNotMatch_AndIsReferenced()
    {
        await using var engine = TestEngine.Start(Policy.Replace("SERVICE", "{service: '*'}", StringComparison.Ordinal));

        Answer answer = await engine.CheckAsync();

        Assert.Equal(StatusCode.Ok, answer.Status);
        Assert.Equal(["no request.path"], answer.References);
    }

    private static Action<AttributeWriter> Fill(string path, string method) => attributes =>
    {
        attributes.Set("request.path", path);
        attributes.Set("request.method", method);
    };
}
