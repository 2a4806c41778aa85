using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Checks;

/// <summary>A quota is answered by the first rule for it that matches, and by no rule for another quota.</summary>
public sealed class QuotaPathTests
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
        metadata: {name: RequestCount}
        spec: {compiledTemplate: quota}
        ---
        kind: instance
        metadata: {name: logins}
        spec: {compiledTemplate: quota}
        ---
        kind: rule
        metadata: {name: a}
        spec:
          match: source.namespace == "batch"
          actions: [{handler: none, instances: [RequestCount]}]
        ---
        kind: rule
        metadata: {name: b}
        spec: {actions: [{handler: full, instances: [RequestCount]}]}
        ---
        kind: rule
        metadata: {name: c}
        spec:
          match: source.user != ""
          actions: [{handler: none, instances: [logins]}]
        """;

    [Theory]
    [InlineData("batch", 0)]
    [InlineData("shop", 2)]
    public async Task FirstRuleThatMatches_Decides(string sourceNamespace, long granted)
    {
        await using var engine = TestEngine.Start(Policy);

        Answer answer = await engine.CheckAsync(
            attributes => attributes.Set("source.namespace", sourceNamespace), new QuotaRequest("requestcount", 2, BestEffort: false));

        Assert.Equal([granted], answer.Grants);
    }

    [Fact]
    public async Task RulesOfOtherQuotas_AreNotMet()
    {
        await using var engine = TestEngine.Start(Policy);

        Answer answer = await engine.CheckAsync(
            attributes => attributes.Set("source.namespace", "shop"), new QuotaRequest("REQUESTCOUNT", 1, BestEffort: false));

        Assert.Equal(["source.namespace"], answer.References);
    }

    [Fact]
    public async Task SeveralQuotas_AreGrantedInTheirOrder()
    {
        await using var engine = TestEngine.Start(Policy);

        Answer answer = await engine.CheckAsync(
            attributes =>
            {
                attributes.Set("source.namespace", "shop");
                attributes.Set("source.user", "jane");
            },
            new QuotaRequest("logins", 1, BestEffort: false),
            new QuotaRequest("requestcount", 4, BestEffort: false),
            new QuotaRequest("nobody limits this", 5, BestEffort: true));

        Assert.Equal([0L, 4L, 5L], answer.Grants);
    }

    [Fact]
    public async Task WhatEachQuotaDependedOn_IsTold_ApartFromTheOthersAndFromTheRules()
    {
        await using var engine = TestEngine.Start(Policy + """

            ---
            kind: instance
            metadata: {name: bytes}
            spec: {compiledTemplate: quota, params: {dimensions: {user: source.user, tenant: 'request.headers["x-tenant"] | "none"'}}}
            ---
            kind: rule
            metadata: {name: d}
            spec: {actions: [{handler: full, instances: [bytes]}]}
            ---
            kind: instance
            metadata: {name: any}
            spec: {compiledTemplate: checknothing}
            ---
            kind: rule
            metadata: {name: e}
            spec: {match: request.path != "/x", actions: [{handler: full, instances: [any]}]}
            """);

        Answer answer = await engine.CheckAsync(
            attributes =>
            {
                attributes.Set("request.path", "/");
                attributes.Set("source.namespace", "shop");
                attributes.Set("source.user", "jane");
                attributes.Set("request.headers", [KeyValuePair.Create("cookie", "a=b")]);
            },
            new QuotaRequest("bytes", 1),
            new QuotaRequest("requestcount", 1),
            new QuotaRequest("nobody limits this", 1),
            new QuotaRequest("bytes", 1));

        const string Bytes = "no request.headers[x-tenant], source.user";
        Assert.Equal([Bytes, "source.namespace", "", Bytes], answer.QuotaReferences);
        Assert.Equal(["no request.headers[x-tenant]", "request.path", "source.namespace", "source.user"], answer.References);
    }

    [Fact]
    public async Task WhatGeneratorsRead_CountsForEachQuota_AndNotWhatTheyGave()
    {
        await using var engine = TestEngine.Start(Policy + """

            ---
            kind: handler
            metadata: {name: moody}
            spec: {compiledAdapter: moody}
            ---
            kind: kubernetes
            metadata: {name: pod}
            spec: {source_uid: 'source.uid | "none"', attribute_bindings: {source.namespace: '"batch"'}}
            ---
            kind: rule
            metadata: {name: generate}
            spec: {actions: [{handler: moody, instances: [pod.kubernetes]}]}
            """, new Verdicts.Model.MoodyAdapter());

        Answer answer = await engine.CheckAsync(
            attributes =>
            {
                attributes.Set("source.uid", "pod-1");
                attributes.Set("source.user", "jane");
            },
            new QuotaRequest("requestcount", 1),
            new QuotaRequest("logins", 1));

        Assert.Equal([0L, 0L], answer.Grants);
        Assert.Equal(["no source.namespace, source.uid", "source.uid, source.user"], answer.QuotaReferences);
    }
}
