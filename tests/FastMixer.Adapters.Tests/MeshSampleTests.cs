using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests;

/// <summary>
/// The sample in the published style of the original, several adapters together: it loads without a complaint, and its verdicts are those that the
/// original's semantics describe.
/// </summary>
public sealed class MeshSampleTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "mesh");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Sample_LoadsWithoutAProblem()
    {
        var problems = new List<Problem>();
        LoadResult loaded = ConfigLoader.Load(ConfigDirectory.Read(Folder, problems), BuiltInAdapters.Registry.Catalog);

        Assert.Empty(problems.Concat(loaded.Problems));
        Assert.Equal((6, 5), (loaded.Snapshot!.Rules.Count, loaded.Snapshot.Handlers.Count));
        Rule http = loaded.Snapshot.Rules.Single(rule => rule.Name == "http.rule.istio-system");
        Assert.All(
            http.Actions.Where(action => action.Instance.Template.Name == "metric"),
            action => Assert.Equal(20, action.Instance.Fields.Count(field => field.Path == "dimensions")));
    }

    [Fact]
    public async Task NoRule_AllowsForTheDefaultLife()
    {
        Answer answer = await CheckAsync(Labels(("app", "web")));

        Assert.Equal((StatusCode.Ok, "", TimeSpan.FromMinutes(1), 10_000), Verdict(answer));
    }

    [Theory]
    [InlineData("v1", StatusCode.Ok, "")]
    [InlineData("v3", StatusCode.PermissionDenied, "versions.istio-system:the value is not whitelisted")]
    public async Task WhiteList_DecidesByTheCallersVersion(string version, StatusCode status, string message)
    {
        Answer answer = await CheckAsync(Labels(("version", version)), ("destination.service.name", "ratings"));

        Assert.Equal((status, message, TimeSpan.FromSeconds(60), 500), Verdict(answer));
    }

    [Fact]
    public async Task SeveralFailures_FirstInRuleOrderHasTheStatus_AllHaveTheirMessage_AndTheLeastLifeHolds()
    {
        Answer answer = await CheckAsync(
            Labels(("version", "v3"), ("zone", "quarantine")), ("destination.service.name", "ratings"), ("destination.namespace", "bank"));

        Assert.Equal((StatusCode.PermissionDenied, TimeSpan.FromSeconds(5), 100), (answer.Status, answer.ValidDuration, answer.ValidUseCount));
        string[] handlers = [.. answer.Message.Split(", ").Select(part => part.Split(':')[0])];
        Assert.Equal(["versions.istio-system", "quarantine.denier.istio-system", "nouser.bank"], handlers);
    }

    [Fact]
    public async Task MatchThatCannotBeEvaluated_DoesNotMatch()
    {
        Answer answer = await CheckAsync(null, ("destination.service.name", "details"));

        Assert.Equal((StatusCode.Ok, "", TimeSpan.FromMinutes(1), 10_000), Verdict(answer));
        Assert.Contains("no source.labels", answer.References);
    }

    [Fact]
    public async Task InstanceThatCannotBeEvaluated_LeavesNoVerdict()
    {
        Answer answer = await CheckAsync(null, ("destination.service.name", "ratings"));

        Assert.Equal("the instance callerversion.instance.istio-system could not be evaluated: value: lookup failed: 'source.labels'", answer.Failure);
    }

    [Theory]
    [InlineData("bank", "", StatusCode.Unauthenticated)]
    [InlineData("bank", "jane", StatusCode.Ok)]
    [InlineData("shop", "", StatusCode.Ok)]
    public async Task RuleOfANamespace_IsForItsRequestsOnly(string destination, string user, StatusCode status)
    {
        Answer answer = await CheckAsync(Labels(("app", "web")), ("destination.namespace", destination), ("source.user", user));

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task QuotaSpec_ChargesTheServicesThatItIsBoundTo_ByTheFirstOverrideThatMatches()
    {
        await using TestEngine engine = Start();
        Action<AttributeWriter> reviews = Fill(Labels(("app", "web")), ("destination.service.host", "reviews.default.svc.cluster.local"), ("destination.service.name", "reviews"));
        Action<AttributeWriter> details = Fill(Labels(("app", "web")), ("destination.service.host", "details.default.svc.cluster.local"), ("destination.service.name", "details"));

        Answer[] answers = [await engine.CheckAsync(reviews), await engine.CheckAsync(reviews), await engine.CheckAsync(details), await engine.CheckAsync(details)];
        _time.Advance(TimeSpan.FromSeconds(5.2));
        Answer later = await engine.CheckAsync(reviews);

        Assert.Equal(
            [StatusCode.Ok, StatusCode.ResourceExhausted, StatusCode.Ok, StatusCode.Ok], answers.Select(answer => answer.Status));
        Assert.Equal("Quota is exhausted for: requestcount", answers[1].Message);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(1)), (answers[0].ValidDuration, answers[2].ValidDuration));
        Assert.Equal(StatusCode.Ok, later.Status);
    }

    [Fact]
    public async Task QuotasThatAreAskedFor_AreKnownWithoutRegardToCase_AndUnlimitedOnesGrantedInFull()
    {
        await using TestEngine engine = Start();

        Answer answer = await engine.CheckAsync(
            Fill(Labels(("app", "web")), ("destination.service.name", "productpage")),
            new QuotaRequest("RequestCount", 5, BestEffort: true),
            new QuotaRequest("requestcount", 1),
            new QuotaRequest("somethingelse", 7));

        Assert.Equal((StatusCode.Ok, null), (answer.Status, answer.Failure));
        Assert.Equal([2L, 0, 7], answer.Grants);
    }

    private async Task<Answer> CheckAsync(Dictionary<string, string>? labels, params (string Name, string Value)[] attributes)
    {
        await using TestEngine engine = Start();
        return await engine.CheckAsync(Fill(labels, attributes));
    }

    private TestEngine Start()
    {
        string policy = string.Join("\n---\n", ConfigDirectory.Read(Folder, []).Select(source => source.Text));
        return TestEngine.Start(policy, _time, [.. BuiltInAdapters.All]);
    }

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value);

    private static Action<AttributeWriter> Fill(Dictionary<string, string>? labels, params (string Name, string Value)[] attributes) => writer =>
    {
        if (labels is not null)
        {
            writer.Set("source.labels", labels);
        }

        foreach ((string name, string value) in attributes)
        {
            writer.Set(name, value);
        }
    };

    private static (StatusCode Status, string Message, TimeSpan ValidDuration, int ValidUseCount) Verdict(Answer answer) =>
        (answer.Status, answer.Message, answer.ValidDuration, answer.ValidUseCount);
}
