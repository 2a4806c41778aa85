using FastMixer.Engine.Checks;
using FastMixer.Engine.Tests.Support;
using FastMixer.Engine.Verdicts;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using FastMixer.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Verdicts;

/// <summary>What is kept of checks, for whom, for how long and how often.</summary>
public sealed class KeptVerdictTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Check_OfARequestThatAgreesInAllReferences_IsAnsweredByTheCache_WithTheSame()
    {
        await using TestEngine engine = Start("request.path.startsWith(\"/admin\") && (request.headers[\"x\"] | \"\") == \"\"", "answer: PERMISSION_DENIED, reply: gone");
        Answer first = await engine.CheckAsync(attributes => Fill(attributes, "/admin", "7"));
        _time.Advance(TimeSpan.FromSeconds(2));

        Answer second = await engine.CheckAsync(attributes => Fill(attributes, "/admin", "8"));

        Assert.Equal(1, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal((first.Status, first.Message), (second.Status, second.Message));
        Assert.Equal(first.References, second.References);
        Assert.Equal("gone", second.Directive.Response!.Body);
        Assert.Equal(first.Directive.ResponseHeaders, second.Directive.ResponseHeaders);
        Assert.Equal((TimeSpan.FromSeconds(60), 60), (first.ValidDuration, first.ValidUseCount));
        Assert.Equal((TimeSpan.FromSeconds(58), 59), (second.ValidDuration, second.ValidUseCount));

        static void Fill(AttributeWriter attributes, string path, string time)
        {
            attributes.Set("request.path", path);
            attributes.Set("source.user", time);
        }
    }

    // A verdict that depended on two attributes, and one that depended on the first alone, came first.
    [Fact]
    public async Task Check_ThatDependsOnMore_IsNeverAnsweredByASetThatLacksIt()
    {
        await using TestEngine engine = Start("source.name == \"a\" && request.headers[\"authorization\"] == \"good\"", "answer: OK");
        await engine.CheckAsync(attributes => attributes.Set("source.name", "b"));
        await engine.CheckAsync(attributes => Fill(attributes, "good"));

        Answer other = await engine.CheckAsync(attributes => Fill(attributes, "bad"));
        Answer none = await engine.CheckAsync(attributes => attributes.Set("source.name", "a"));

        Assert.Equal(0, engine.Engine.VerdictStatistics!.Hits);
        Assert.Contains("request.headers[authorization]", other.References);
        Assert.Contains("no request.headers", none.References);

        static void Fill(AttributeWriter attributes, string authorization)
        {
            attributes.Set("source.name", "a");
            attributes.Set("request.headers", new Dictionary<string, string> { ["authorization"] = authorization });
        }
    }

    [Fact]
    public async Task Check_WithoutAMap_IsAnotherThanWithOneThatLacksTheKey()
    {
        await using TestEngine engine = Start("(request.headers[\"source.ip\"] | \"\") == \"\"", "answer: OK");
        await engine.CheckAsync();

        Answer empty = await engine.CheckAsync(attributes => attributes.Set("request.headers", new Dictionary<string, string>()));
        Answer with = await engine.CheckAsync(attributes => attributes.Set("request.headers", new Dictionary<string, string> { ["source.ip"] = "x" }));

        Assert.Equal(0, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal(["no request.headers[source.ip]"], empty.References);
        Assert.Equal(["request.headers[source.ip]"], with.References);
    }

    [Fact]
    public async Task Check_WithAnotherDuration_IsAnother()
    {
        await using TestEngine engine = Start("connection.duration > \"1s\"", "answer: PERMISSION_DENIED");

        Answer slow = await engine.CheckAsync(attributes => attributes.SetDuration("connection.duration", 2_000_000_000));
        Answer fast = await engine.CheckAsync(attributes => attributes.SetDuration("connection.duration", 500_000_000));

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.Ok), (slow.Status, fast.Status));
    }

    [Fact]
    public async Task Check_FromAV4AddressAndItsV6Form_AreTwo_ThoughExpressionsSeeThemEqual()
    {
        await using TestEngine engine = Start("source.ip == ip(\"10.0.0.1\")", "answer: PERMISSION_DENIED");

        Answer four = await engine.CheckAsync(attributes => attributes.SetIpAddress("source.ip", [10, 0, 0, 1]));
        Answer six = await engine.CheckAsync(attributes => attributes.SetIpAddress("source.ip", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1]));

        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (four.Status, six.Status));
        Assert.Equal(0, engine.Engine.VerdictStatistics!.Hits);
    }

    [Fact]
    public async Task Verdict_OfAnyClient_IsWrittenInTheWordsOfTheOneThatAsks()
    {
        await using TestEngine engine = Start("request.path == \"/admin\"", "answer: PERMISSION_DENIED");
        byte[] request = TestEngine.Encode(attributes => attributes.Set("request.path", "/admin"));
        CheckCall call = engine.Engine.Calls.Get();
        for (int i = 0; i < 2; i++)
        {
            engine.Read(call, request);
            await engine.Engine.CheckAsync(call);
        }

        Verdict verdict = Write(call, wordCount: 3);

        Assert.Equal(1, engine.Engine.VerdictStatistics!.Hits);
        Assert.Equal([new ReferencedAttribute("request.path", null, true)], verdict.Referenced);
        engine.Engine.Calls.Return(call);
    }

    [Fact]
    public async Task Verdict_WhoseTimeIsOver_IsFoundAnew()
    {
        await using TestEngine engine = Start("true", "answer: OK, life: 5");
        await engine.CheckAsync();
        _time.Advance(TimeSpan.FromMilliseconds(4_999));
        Answer last = await engine.CheckAsync();
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Answer next = await engine.CheckAsync();

        Assert.Equal(TimeSpan.FromMilliseconds(1), last.ValidDuration);
        Assert.Equal(TimeSpan.FromSeconds(5), next.ValidDuration);
        Assert.Equal((1, 1), (engine.Engine.VerdictStatistics!.Hits, engine.Engine.VerdictStatistics.Misses.Expired));
    }

    [Fact]
    public async Task Verdict_ThatIsUsedUp_IsFoundAnew()
    {
        await using TestEngine engine = Start("true", "answer: OK, life: 2");
        int[] uses = new int[5];
        for (int i = 0; i < uses.Length; i++)
        {
            uses[i] = (await engine.CheckAsync()).ValidUseCount;
        }

        Assert.Equal([2, 1, 0, 2, 1], uses);
        Assert.Equal((3, 1, 1), (engine.Engine.VerdictStatistics!.Hits, engine.Engine.VerdictStatistics.Misses.UsedUp, engine.Engine.VerdictStatistics.Misses.New));
    }

    [Theory]
    [InlineData("answer: OK, life: 0", "")]
    [InlineData("answer: fail", "")]
    [InlineData("answer: fail", ", onError: deny")]
    [InlineData("answer: fail", ", onError: allow")]
    public async Task Verdict_ThatMayNotBeReused_IsNotKept(string handler, string onError)
    {
        await using TestEngine engine = Start("true", handler, onError);

        await engine.CheckAsync();
        await engine.CheckAsync();

        Assert.Equal((0, 2), (engine.Engine.VerdictStatistics!.Hits, engine.Engine.VerdictStatistics.Misses.Uncacheable));
        Assert.Empty(engine.Engine.VerdictStatistics.Sets);
    }

    [Fact]
    public async Task Verdict_OfASetTooMany_IsNotKept()
    {
        await using TestEngine engine = TestEngine.StartKeeping(
            Policy("source.name == \"a\" && source.uid == \"b\"", "answer: OK"), _time, new VerdictCacheOptions { Sets = 1 });
        await engine.CheckAsync(attributes => attributes.Set("source.name", "b"));
        for (int i = 0; i < 2; i++)
        {
            await engine.CheckAsync(attributes =>
            {
                attributes.Set("source.name", "a");
                attributes.Set("source.uid", "b");
            });
        }

        Assert.Equal((0, 2), (engine.Engine.VerdictStatistics!.Hits, engine.Engine.VerdictStatistics.Misses.Uncacheable));
    }

    [Fact]
    public async Task Keys_WhoseHashesAllCollide_NeverHandOutAnothersVerdict()
    {
        await using TestEngine engine = TestEngine.StartKeeping(
            Policy("request.path.startsWith(\"/admin\")", "answer: PERMISSION_DENIED"), _time, new VerdictCacheOptions { HashMask = 0 });
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                string path = (i % 2 == 0 ? "/admin/" : "/other/") + i;
                Answer answer = await engine.CheckAsync(attributes => attributes.Set("request.path", path));
                Assert.Equal(i % 2 == 0 ? StatusCode.PermissionDenied : StatusCode.Ok, answer.Status);
            }
        }
    }

    [Fact]
    public async Task Hit_AllocatesNothing()
    {
        await using TestEngine engine = Start("request.path.startsWith(\"/admin\")", "answer: PERMISSION_DENIED, life: 1000000, reply: no");
        byte[] request = TestEngine.Encode(attributes => attributes.Set("request.path", "/admin"));
        CheckCall call = engine.Engine.Calls.Get();
        var bytes = new byte[1024];

        AllocationAssert.Zero(1000, () =>
        {
            engine.Read(call, request);
            ValueTask answered = engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
            var writer = new WireWriter(bytes, framed: true);
            call.WriteVerdict(ref writer, 1, WordList.Version1Count, VerdictParts.All);
        });

        Assert.Equal(1, engine.Engine.VerdictStatistics!.Misses.Total);
        engine.Engine.Calls.Return(call);
    }

    [Fact]
    public async Task Statistics_TellWhichAttributeMakesASetUseless()
    {
        await using TestEngine engine = Start("request.headers[\"x-request-id\"] != \"\" && request.path == \"/a\"", "answer: OK");
        for (int i = 0; i < 300; i++)
        {
            await engine.CheckAsync(attributes =>
            {
                attributes.Set("request.path", $"/{i % 3}");
                attributes.Set("request.headers", new Dictionary<string, string> { ["x-request-id"] = $"id {i}" });
            });
        }

        SetStatistics set = Assert.Single(engine.Engine.VerdictStatistics!.Sets);
        Assert.Equal((0, 300, 300), (set.Hits, set.Misses, set.Entries));
        Assert.StartsWith("request.headers[\"x-request-id\"] had about ", set.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("request.path", set.Hint, StringComparison.Ordinal);
    }

    private static Verdict Write(CheckCall call, int wordCount)
    {
        var bytes = new byte[4096];
        var writer = new WireWriter(bytes, framed: false);
        call.WriteVerdict(ref writer, 1, wordCount, VerdictParts.All);
        Assert.True(writer.TryComplete(out int length));
        var reader = new WireReader(bytes.AsSpan(0, length));
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Verdict.TryRead(ref reader, header, wordCount, out Verdict? verdict), reader.Fault.ToString());
        return verdict!;
    }

    private TestEngine Start(string match, string handler, string onError = "") => TestEngine.StartKeeping(Policy(match, handler, onError), _time);


    private static string Policy(string match, string handler, string onError = "") => $$"""
        kind: handler
        metadata: {name: one}
        spec: {compiledAdapter: fake, params: { {{handler}} } }
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: rule
        metadata: {name: one}
        spec: {match: '{{match}}', actions: [{handler: one, instances: [nothing]}]{{onError}} }
        """;
}
