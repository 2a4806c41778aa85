using FastMixer.Adapters.MemQuota;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.MemQuota;

/// <summary>What a <c>memquota</c> handler grants, over the whole way of a check.</summary>
public sealed class MemQuotaTests
{
    private const string Quotas = """
        - name: calls.instance.istio-system
              max_amount: 5
              valid_duration: 10s
              overrides:
              - {dimensions: {who: jane, port: "8080"}, max_amount: 2, valid_duration: 1s}
              - {dimensions: {who: jane}, max_amount: 3, valid_duration: 10s}
        """;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Amount_IsGrantedWholeOrNotAtAll_AndComesBackWithTime()
    {
        await using TestEngine engine = Start();

        long[] granted1 = [await AskAsync(engine, 3), await AskAsync(engine, 3), await AskAsync(engine, 2), await AskAsync(engine, 1)];
        Assert.Equal([3L, 0, 2, 0], granted1);
        _time.Advance(TimeSpan.FromSeconds(9.8));
        Assert.Equal(0, await AskAsync(engine, 1));
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(5, await AskAsync(engine, 5));
    }

    [Fact]
    public async Task BestEffort_IsGrantedWhatThereIs()
    {
        await using TestEngine engine = Start();

        long[] granted2 = [await AskAsync(engine, 9, bestEffort: true), await AskAsync(engine, 1, bestEffort: true)];
        Assert.Equal([5L, 0], granted2);
    }

    [Fact]
    public async Task FirstOverrideThatMatches_Holds_ByValueAndNotByText()
    {
        await using TestEngine engine = Start();

        Assert.Equal(2, await AskAsync(engine, 9, "jane", 8080, bestEffort: true));
        Assert.Equal(3, await AskAsync(engine, 9, "jane", 81, bestEffort: true));
        Assert.Equal(5, await AskAsync(engine, 9, "joe", 8080, bestEffort: true));
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(2, await AskAsync(engine, 9, "jane", 8080, bestEffort: true));
        Assert.Equal(0, await AskAsync(engine, 9, "jane", 81, bestEffort: true));
    }

    [Theory]
    [InlineData("connection.mtls | false", "FALSE", true)]
    [InlineData("connection.mtls | false", "true", false)]
    [InlineData("1.5 + 1.0", "2.50", true)]
    [InlineData("'\"90s\"'", "1m30s", true)]
    [InlineData("'\"91s\"'", "1m30s", false)]
    [InlineData("'timestamp(\"2024-01-01T01:00:00+01:00\")'", "2024-01-01T00:00:00Z", true)]
    [InlineData("ip(\"10.0.0.1\")", "::ffff:10.0.0.1", true)]
    [InlineData("source.ip | ip(\"::ffff:10.0.0.1\")", "10.0.0.1", true)]
    [InlineData("ip(\"10.0.0.2\")", "10.0.0.1", false)]
    [InlineData("'request.headers[\"x-forwarded-for\"] | \"unknown\"'", "unknown", true)]
    public async Task Override_ComparesValuesOfItsDimensionsType(string dimension, string wanted, bool matches)
    {
        string policy = Policy($"- {{name: calls, max_amount: 1, overrides: [{{dimensions: {{who: \"{wanted}\"}}, max_amount: 7}}]}}")
            .Replace("{dimensions: {who: source.user, port: destination.port} }", $"{{dimensions: {{who: {dimension}}} }}", StringComparison.Ordinal);
        await using var engine = TestEngine.Start(policy, _time, new MemQuotaAdapter());

        Assert.Equal(matches ? 7 : 1, await AskAsync(engine, 9, bestEffort: true));
    }

    [Fact]
    public async Task WithoutADuration_WhatIsTakenStaysTaken_UntilItIsGivenBack()
    {
        await using TestEngine engine = Start("- {name: calls, max_amount: 4}");

        Assert.Equal(4, await AskAsync(engine, 4));
        _time.Advance(TimeSpan.FromDays(300));
        long[] granted3 = [await AskAsync(engine, 1), await AskAsync(engine, -3), await AskAsync(engine, 3), await AskAsync(engine, -100), await AskAsync(engine, 0)];
        Assert.Equal([0L, -3, 3, -4, 0], granted3);
    }

    [Fact]
    public async Task SameQuestionAgain_GetsTheSameAnswer_AndTakesNothing()
    {
        await using TestEngine engine = Start();

        long[] granted4 = [await AskAsync(engine, 2, id: "a"), await AskAsync(engine, 2, id: "a"), await AskAsync(engine, 2, id: "b")];
        Assert.Equal([2L, 2, 2], granted4);
        long[] granted5 = [await AskAsync(engine, 2, id: "c"), await AskAsync(engine, 2, id: "c"), await AskAsync(engine, 1, id: "a")];
        Assert.Equal([0L, 0, 1], granted5);
        Assert.Equal(2, await AskAsync(engine, 2, id: "a"));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(0, await AskAsync(engine, 2, id: "a"));
    }

    [Fact]
    public async Task CountersBeyondTheLimit_AreRefused_UntilOthersAreFree()
    {
        await using TestEngine engine = Start("- {name: calls, max_amount: 1, valid_duration: 1s}", "max_counters: 16");
        long[] granted = new long[200];
        for (int i = 0; i < granted.Length; i++)
        {
            granted[i] = await AskAsync(engine, 1, $"caller {i}");
        }

        _time.Advance(TimeSpan.FromSeconds(1.2));
        for (int i = 0; i < granted.Length; i++)
        {
            Assert.True(granted[i] == 1 || await AskAsync(engine, 1, $"caller {i}") == 1 || granted.Sum() == 16);
        }

        Assert.Equal(16, granted.Sum());
    }

    [Fact]
    public async Task ManyThreads_AreNeverGrantedMoreThanThereIs()
    {
        await using TestEngine engine = Start("- {name: calls, max_amount: 1000, valid_duration: 10s}");

        long[] granted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            long sum = 0;
            for (int i = 0; i < 1_000; i++)
            {
                sum += await AskAsync(engine, (i % 3) + 1, bestEffort: i % 2 == 0);
            }

            return sum;
        })));

        Assert.Equal(1_000, granted.Sum());
    }

    [Fact]
    public async Task KnownDimensions_AllocateNothing()
    {
        await using TestEngine engine = Start("- {name: calls, max_amount: 9000000000, valid_duration: 10s}");
        byte[] message = TestEngine.Encode("", Fill("jane", 80), new QuotaRequest("calls", 1));
        CheckCall call = engine.Engine.Calls.Get();

        AllocationAssert.Zero(1_000, () =>
        {
            engine.Read(call, message);
            ValueTask answered = engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
        });

        engine.Engine.Calls.Return(call);
    }

    [Theory]
    [InlineData("- {name: others, max_amount: 1}", "policy.yaml:15:53: error: The handler has no limit for \"calls.instance.istio-system\": add one to its \"quotas\".")]
    [InlineData("- {name: calls}", "policy.yaml:5:7: error: The field \"max_amount\" is missing.")]
    [InlineData("- {name: calls, max_amount: -1}", "policy.yaml:5:33: error: \"max_amount\": expected a whole number from 0 to 9223372036854775807, found '-1'.")]
    [InlineData("- {name: calls, max_amount: 1}\n    - {name: calls, max_amount: 2}", "policy.yaml:6:14: error: The quota 'calls' stands here twice.")]
    [InlineData(
        "- {name: calls, max_amount: 1, overrides: [{dimensions: {port: http}, max_amount: 2}]}",
        "policy.yaml:15:53: error: An override of \"calls.instance.istio-system\" wants the dimension \"port\" to be 'http', which is no INT64.")]
    [InlineData(
        "- {name: calls, max_amount: 1, overrides: [{dimensions: {wo: x}, max_amount: 2}]}",
        "policy.yaml:15:53: error: An override of \"calls.instance.istio-system\" needs the dimension \"wo\", which it does not have. Did you mean \"who\"?")]
    [InlineData("[]\n  x: 1", "policy.yaml:6:3: error: Unknown field \"x\".")]
    public void WrongParameters_AreToldWithTheirPlace(string quotas, string problem)
    {
        var adapters = new AdapterRegistry([new MemQuotaAdapter()]);

        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", Policy(quotas))], adapters.Catalog);

        Assert.Contains(loaded.Problems, one => one.ToString().StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void DimensionThatIsAMap_IsToldWithWhatWouldCount()
    {
        var adapters = new AdapterRegistry([new MemQuotaAdapter()]);
        string policy = Policy("- {name: calls, max_amount: 1}").Replace("port: destination.port", "port: request.headers", StringComparison.Ordinal);

        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", policy)], adapters.Catalog);

        Problem problem = Assert.Single(loaded.Problems, one => one.Severity == Severity.Error);
        Assert.EndsWith(
            "The dimension \"port\" of \"calls.instance.istio-system\" is a STRING_MAP, which no counter is kept by: name the key that counts, as in request.headers[\"x\"] | \"\".",
            problem.ToString(),
            StringComparison.Ordinal);
    }

    private static async Task<long> AskAsync(
        TestEngine engine, long amount, string who = "", long port = 0, bool bestEffort = false, string id = "")
    {
        Answer answer = await engine.CheckAsync(id, Fill(who, port), new QuotaRequest("calls", amount, bestEffort));
        return answer.Grants[0];
    }

    private static Action<AttributeWriter> Fill(string who, long port) => attributes =>
    {
        attributes.Set("source.user", who);
        attributes.Set("destination.port", port);
    };

    private static string Policy(string quotas, string more = "") => $$"""
        kind: memquota
        metadata: {name: handler}
        spec:
          quotas:
            {{quotas}}
          {{more}}
        ---
        kind: instance
        metadata: {name: calls}
        spec: {compiledTemplate: quota, params: {dimensions: {who: source.user, port: destination.port} } }
        ---
        kind: rule
        metadata: {name: calls}
        spec:
          actions: [{handler: handler.memquota, instances: [calls]}]

        """;

    private TestEngine Start(string quotas = Quotas, string more = "") => TestEngine.Start(Policy(quotas, more), _time, new MemQuotaAdapter());
}
