using System.Diagnostics.Metrics;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Engine.Tests.Backends;

/// <summary>What a backend said is remembered as long and as often as it said, for exactly the instance that it was asked about.</summary>
public sealed class AnswerCacheTests
{
    [Fact]
    public async Task Answer_IsSharedByAllRequestsWithTheSameInstance_ForTheRestOfItsLife()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 10));

        Answer first = await rig.CheckAsync("a");
        rig.Time.Advance(TimeSpan.FromSeconds(4));
        Answer again = await rig.Engine.CheckAsync(attributes => Fill(attributes, "a", "elsewhere"));
        Answer other = await rig.CheckAsync("b");
        rig.Time.Advance(TimeSpan.FromSeconds(6));
        await rig.CheckAsync("a");

        Assert.Equal([10, 6, 10], new[] { first, again, other }.Select(answer => answer.ValidDuration.TotalSeconds));
        Assert.Equal(["a", "b", "a"], rig.Backend.Calls.Select(call => call.Value));
        Assert.Equal((1, 3), (rig.Counted("checks: cache"), rig.Counted("checks: backend")));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(10, 0)]
    public async Task AnswerThatMayNotBeReused_IsAskedForEachTime(double seconds, int uses)
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds, uses));

        await rig.CheckAsync();
        await rig.CheckAsync();

        Assert.Equal(2, rig.Backend.Count);
    }

    [Fact]
    public async Task AnswerWithUses_IsReusedSoOften()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(uses: 2));

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(2, (await rig.CheckAsync()).ValidUseCount);
        }

        Assert.Equal(2, rig.Backend.Count);
    }

    [Fact]
    public async Task LaterAnswerThatMayNotBeReused_TakesBackTheEarlierOne()
    {
        await using BackendRig rig = BackendRig.Start("{stale: {maxAge: 1h}}");
        rig.Backend.Answer = call => new(FakeBackend.Allowed(seconds: call.Number == 0 ? 10 : 0));
        await rig.CheckAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await rig.CheckAsync();

        rig.Backend.Answer = _ => throw new IOException("gone");
        Answer answer = await rig.PassAsync(rig.CheckAsync(), TimeSpan.FromSeconds(2));

        Assert.NotNull(answer.Failure);
    }

    [Fact]
    public async Task RememberedDenial_IsTheSame_WithItsDirectResponse()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Denied("go away") with
        {
            DirectResponse = new DirectHttpResponse(302, "moved", [KeyValuePair.Create("location", "/login"), KeyValuePair.Create("set-cookie", "a=1, b=2")]),
        });

        Answer asked = await rig.CheckAsync();
        Answer remembered = await rig.CheckAsync();

        Assert.Equal(1, rig.Backend.Count);
        Assert.Equal((StatusCode.PermissionDenied, asked.Message), (remembered.Status, remembered.Message));
        Assert.EndsWith(":go away", asked.Message, StringComparison.Ordinal);
        Assert.Equal(Describe(asked.Directive), Describe(remembered.Directive));
        Assert.Equal(302, remembered.Directive.Response!.HttpStatus);
    }

    [Fact]
    public async Task TwoRememberedDenialsOfOneCheck_KeepTheirMessages()
    {
        await using BackendRig rig = BackendRig.Start();
        string policy = rig.Policy + """
            ---
            kind: instance
            metadata: {name: second}
            spec: {compiledTemplate: listentry, params: {value: '"second"'} }
            ---
            kind: instance
            metadata: {name: third}
            spec: {compiledTemplate: listentry, params: {value: source.namespace} }
            ---
            kind: rule
            metadata: {name: zasks}
            spec: {actions: [{handler: HANDLER, instances: [third, second]}]}
            """.Replace("HANDLER", rig.HandlerName, StringComparison.Ordinal);
        rig.Engine.Replace(policy);
        rig.Backend.Answer = call => new(FakeBackend.Denied($"not {call.Value}"));
        Answer asked = await rig.Engine.CheckAsync(attributes => Fill(attributes, "first", "third"));
        Answer remembered = await rig.Engine.CheckAsync(attributes => Fill(attributes, "first", "third"));

        // The third must be waited for, and what is known already waits behind it.
        rig.Backend.Answer = null;
        Task<Answer> mixed = rig.Engine.CheckAsync(attributes => Fill(attributes, "first", "new"));
        rig.Backend.Calls[^1].Completion.SetResult(FakeBackend.Denied("not new"));

        Assert.Equal(["not first", "not third", "not second"], Parts(asked.Message));
        Assert.Equal(asked.Message, remembered.Message);
        Assert.Equal(["not first", "not new", "not second"], Parts((await mixed).Message));
    }

    [Fact]
    public async Task Fields_AreToldApartExactly()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Engine.Replace(rig.Policy.Replace(
            """{compiledTemplate: listentry, params: {value: source.name | ""} }""",
            """{compiledTemplate: authorization, params: {subject: {user: source.name | "", groups: source.namespace | "", properties: {x: source.uid | ""} } } }""",
            StringComparison.Ordinal));
        rig.Backend.Answer = _ => new(FakeBackend.Allowed());
        (string, string, string)[] requests = [("ab", "c", ""), ("a", "bc", ""), ("abc", "", ""), ("", "abc", ""), ("", "", "abc"), ("a", "b", "c")];

        for (int round = 0; round < 2; round++)
        {
            foreach ((string name, string scope, string uid) in requests)
            {
                await rig.Engine.CheckAsync(attributes => Fill(attributes, name, scope, uid));
            }
        }

        Assert.Equal(requests.Length, rig.Backend.Count);
    }

    [Fact]
    public async Task Values_OfEveryType_AreToldApart()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Engine.Replace(rig.Policy.Replace(
            """{compiledTemplate: listentry, params: {value: source.name | ""} }""",
            """
            {compiledTemplate: authorization, params: {subject: {properties: {map: source.labels, bool: context.reporter.local | false,
              int: request.size | 0, ip: source.ip | ip("0.0.0.0"), took: response.duration | "0s"} } } }
            """,
            StringComparison.Ordinal));
        rig.Backend.Answer = _ => new(FakeBackend.Allowed());
        Action<AttributeWriter>[] requests =
        [
            Labels(),
            Labels(("a", "bc")),
            Labels(("ab", "c")),
            Labels(("a", "b"), ("c", "")),
            Labels() + (attributes => attributes.Set("request.size", 1L)),
            Labels() + (attributes => attributes.Set("context.reporter.local", true)),
            Labels() + (attributes => attributes.SetIpAddress("source.ip", [1, 2, 3, 4])),
            Labels() + (attributes => attributes.SetDuration("response.duration", 5)),
        ];

        foreach (Action<AttributeWriter> fill in requests.Concat(requests))
        {
            Assert.Null((await rig.Engine.CheckAsync(fill)).Failure);
        }

        Assert.Equal(requests.Length, rig.Backend.Count);
    }

    [Fact]
    public async Task Renewal_AsksAnew_UnlessTheAnswerIsYoung()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed(seconds: 10));
        await rig.CheckAsync();

        rig.Time.Advance(TimeSpan.FromSeconds(4));
        Answer young = await rig.CheckAsync(isRenewal: true);
        int callsWhileYoung = rig.Backend.Count;
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        Answer renewed = await rig.CheckAsync(isRenewal: true);
        Answer after = await rig.CheckAsync();

        Assert.Equal((1, 2), (callsWhileYoung, rig.Backend.Count));
        Assert.Equal([6, 10, 10], new[] { young, renewed, after }.Select(answer => answer.ValidDuration.TotalSeconds));
    }

    [Fact]
    public async Task RenewalThatFails_GivesTheAnswerThatStillHolds()
    {
        await using BackendRig rig = BackendRig.Start("{retry: {attempts: 0}, fallback: closed}");
        rig.Backend.Answer = call => call.Number == 0 ? new(FakeBackend.Allowed(seconds: 10)) : throw new IOException("gone");
        await rig.CheckAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(6));

        Answer renewed = await rig.CheckAsync(isRenewal: true);
        Answer after = await rig.CheckAsync();

        Assert.Equal(2, rig.Backend.Count);
        Assert.Equal((StatusCode.Ok, 4d), (renewed.Status, renewed.ValidDuration.TotalSeconds));
        Assert.Equal(StatusCode.Ok, after.Status);
        Assert.Empty(rig.Log);
    }

    [Fact]
    public async Task UnchangedHandler_KeepsItsAnswersOverAReplacement_AndChangedResilienceMakesItNew()
    {
        await using BackendRig rig = BackendRig.Start();
        rig.Backend.Answer = _ => new(FakeBackend.Allowed());
        await rig.CheckAsync();

        rig.Engine.Replace(rig.Policy + "---\nkind: handler\nmetadata: {name: unused}\nspec: {compiledAdapter: fake}\n");
        await rig.CheckAsync();
        int afterOther = rig.Backend.Count;
        rig.Engine.Replace(rig.PolicyOf("{timeout: 2s}"));
        await rig.CheckAsync();

        Assert.Equal((1, 2), (afterOther, rig.Backend.Count));
        await Eventually.TrueAsync(() => rig.Backend.Ended == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RememberedAnswer_AllocatesNothing_WhoeverListens(bool isCounted)
    {
        await using BackendRig rig = BackendRig.StartQuiet();
        long counted = 0;
        using MeterListener listener = Listen(rig.HandlerName, checks => counted += checks);
        if (isCounted)
        {
            listener.Start();
        }

        rig.Backend.Answer = _ => new(FakeBackend.Denied("a message of some length", seconds: 3600));
        await rig.CheckAsync();
        byte[] message = BackendRig.Encode("a");
        CheckCall call = rig.Engine.Engine.Calls.Get();

        AllocationAssert.Zero(1_000, () =>
        {
            rig.Engine.Read(call, message);
            ValueTask answered = rig.Engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
        });

        Assert.Equal(StatusCode.PermissionDenied, call.Verdict.Status);
        Assert.Equal(1, rig.Backend.Count);
        Assert.Equal(isCounted, counted > 1_000);
        rig.Engine.Engine.Calls.Return(call);
    }

    private static MeterListener Listen(string handler, Action<long> count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "fastmixer.backend.checks")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, checks, tags, _) =>
        {
            if ((string?)tags[0].Value == handler)
            {
                count(checks);
            }
        });
        return listener;
    }

    private static Action<AttributeWriter> Labels(params (string Name, string Value)[] labels) =>
        attributes => attributes.Set("source.labels", labels.ToDictionary(label => label.Name, label => label.Value));

    private static void Fill(AttributeWriter attributes, string name, string scope, string uid = "")
    {
        attributes.Set("source.name", name);
        attributes.Set("source.namespace", scope);
        attributes.Set("source.uid", uid);
    }

    private static IEnumerable<string> Parts(string message) => message.Split(", ").Select(part => part[(part.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    private static string Describe(RouteDirective directive) => System.Text.Json.JsonSerializer.Serialize(directive);
}
