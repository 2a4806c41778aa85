using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Verdicts;

/// <summary>Quotas are taken by every check, whether its verdict was kept or not.</summary>
public sealed class KeptQuotaTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: one}
        spec: {compiledAdapter: fake, params: {answer: STATUS}}
        ---
        kind: handler
        metadata: {name: limit}
        spec: {compiledAdapter: memo}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: requests}
        spec: {compiledTemplate: quota, params: {dimensions: {user: source.user | "none"}}}
        ---
        kind: rule
        metadata: {name: check}
        spec: {match: request.path != "/x", actions: [{handler: one, instances: [nothing]}]}
        ---
        kind: rule
        metadata: {name: limit}
        spec: {match: '(source.name | "") != "free"', actions: [{handler: limit, instances: [requests]}]}
        """;

    private const string Charges = """

        ---
        kind: QuotaSpec
        metadata: {name: all}
        spec: {rules: [{quotas: [{quota: requests, charge: 1}]}]}
        ---
        kind: QuotaSpecBinding
        metadata: {name: all}
        spec: {quotaSpecs: [{name: all}], services: [{service: '*'}]}
        """;

    private readonly FakeTimeProvider _time = new();
    private readonly LimitAdapter _limit = new();

    [Fact]
    public async Task Quotas_OfACheckWhoseVerdictIsKept_AreTaken_AndTheirReferencesTold()
    {
        await using TestEngine engine = Start("OK", "");
        _limit.Left = 2;
        await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"));

        Answer granted = await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"), new QuotaRequest("requests", 2, false));
        Answer refused = await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"), new QuotaRequest("requests", 1, false));

        Assert.Equal(2, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal([2L], granted.Grants);
        Assert.Equal([0L], refused.Grants);
        Assert.Equal(["no source.name", "no source.user", "request.path"], granted.References);
    }

    [Fact]
    public async Task Denial_ThatIsKept_TakesNoQuota()
    {
        await using TestEngine engine = Start("PERMISSION_DENIED", "");
        _limit.Left = 5;
        await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"));

        Answer denied = await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"), new QuotaRequest("requests", 2, false));

        Assert.Equal(1, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal(StatusCode.PermissionDenied, denied.Status);
        Assert.Equal(5, _limit.Left);
    }

    [Fact]
    public async Task Check_ThatIsCharged_IsChargedEachTime_AndDeniedWhenNothingIsLeft()
    {
        await using TestEngine engine = Start("OK", Charges);
        _limit.Left = 2;
        var statuses = new List<StatusCode>();
        for (int i = 0; i < 4; i++)
        {
            Answer answer = await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"));
            statuses.Add(answer.Status);
            Assert.Equal((TimeSpan.Zero, 0), (answer.ValidDuration, answer.ValidUseCount));
        }

        Assert.Equal([StatusCode.Ok, StatusCode.Ok, StatusCode.ResourceExhausted, StatusCode.ResourceExhausted], statuses);
        Assert.Equal(3, engine.Engine.VerdictStatistics!.Hits);
    }

    [Fact]
    public async Task Verdict_OfACheckThatAskedForQuotas_IsKeptWithoutTheirReferences()
    {
        await using TestEngine engine = Start("OK", "");
        _limit.Left = 5;
        await engine.CheckAsync(attributes => attributes.Set("request.path", "/a"), new QuotaRequest("requests", 1, false));

        Answer next = await engine.CheckAsync(attributes =>
        {
            attributes.Set("request.path", "/a");
            attributes.Set("source.user", "jane");
        });

        Assert.Equal(1, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal(["request.path"], next.References);
    }

    private TestEngine Start(string status, string more) =>
        TestEngine.StartKeeping(Policy.Replace("STATUS", status, StringComparison.Ordinal) + more, _time, null, _limit);
}
