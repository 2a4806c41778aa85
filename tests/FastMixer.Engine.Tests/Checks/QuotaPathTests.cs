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
}
