using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Client.Tests.Cache;

public sealed class KeptVerdictTests : ChecksTest
{
    [Fact]
    public async Task AVerdict_IsUsedForRequestsThatAgreeInAllThatItDependsOn()
    {
        Fleet.Answer = bag => Text(bag, "request.path") == "/admin"
            ? Verdicts.Of(StatusCode.PermissionDenied, "not here", Path)
            : Verdicts.Allowed(Path);

        Assert.Equal(CheckOrigin.Server, (await CheckAsync("/admin", "jane")).Origin);
        CheckResult denied = await CheckAsync("/admin", "joe");
        Assert.Equal((StatusCode.PermissionDenied, "not here", CheckOrigin.Cache), (denied.Status, denied.Message, denied.Origin));
        CheckResult allowed = await CheckAsync("/", "joe");
        Assert.Equal((true, CheckOrigin.Server), (allowed.IsAllowed, allowed.Origin));
        Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/")).Origin);
        Assert.Equal(2, Fleet.Checks);
    }

    /// <summary>The original took these two for marks of a miss.</summary>
    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.Unavailable)]
    public async Task ADenial_OfAnyStatus_IsKept(StatusCode status)
    {
        Fleet.Answer = _ => Verdicts.Of(status, "no", Path);
        await CheckAsync("/a");
        CheckResult second = await CheckAsync("/a");
        Assert.Equal((status, CheckOrigin.Cache), (second.Status, second.Origin));
    }

    [Fact]
    public async Task AnAttributeThatWasAbsent_MustBeAbsent()
    {
        Fleet.Answer = bag => Text(bag, "source.user").Length > 0
            ? Verdicts.Allowed(new ReferencedAttribute("source.user", null, Present: true))
            : Verdicts.Of(StatusCode.Unauthenticated, "who?", new ReferencedAttribute("source.user", null, Present: false));

        Assert.False((await CheckAsync("/a")).IsAllowed);
        Assert.True((await CheckAsync("/a", "jane")).IsAllowed);
        Assert.Equal((false, CheckOrigin.Cache), ((await CheckAsync("/b")).IsAllowed, (await CheckAsync("/b")).Origin));
        Assert.Equal(2, Fleet.Checks);
    }

    [Fact]
    public async Task AVerdictOfAttributesThatThisClientDoesNotKnow_IsKeptJustIfTheyWereAbsent()
    {
        Fleet.Answer = _ => Verdicts.Allowed(Path, new ReferencedAttribute("custom.thing", null, Present: false));
        await CheckAsync("/a");
        Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/a")).Origin);

        Fleet.Answer = _ => Verdicts.Allowed(Path, new ReferencedAttribute("custom.thing", null, Present: true));
        await CheckAsync("/b");
        Assert.Equal(CheckOrigin.Server, (await CheckAsync("/b")).Origin);
        Assert.Equal(2, Checks.Counts.NotKept);
    }

    [Fact]
    public async Task AVerdict_IsUsedNoLongerAndNoMoreOftenThanItsServerAllows()
    {
        Fleet.Answer = _ => Verdicts.Allowed(Path) with { ValidDuration = TimeSpan.FromSeconds(1), ValidUseCount = 2 };
        await CheckAsync("/uses");
        Assert.Equal(
            [CheckOrigin.Cache, CheckOrigin.Cache, CheckOrigin.Server],
            [(await CheckAsync("/uses")).Origin, (await CheckAsync("/uses")).Origin, (await CheckAsync("/uses")).Origin]);

        await CheckAsync("/time");
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CheckOrigin.Server, (await CheckAsync("/time")).Origin);
    }

    [Fact]
    public async Task AVerdictThatMayNotBeReused_IsNotKept()
    {
        Fleet.Answer = _ => Verdicts.Allowed(Path) with { ValidUseCount = 0 };
        await CheckAsync("/a");
        Assert.Equal(CheckOrigin.Server, (await CheckAsync("/a")).Origin);
    }

    [Fact]
    public async Task AVerdict_IsRenewedBeforeItsTimeIsOver()
    {
        await CheckAsync("/warm");
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        await CheckAsync("/a");
        int asked = Fleet.Checks;
        for (int i = 0; i < 150; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(200));
            Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/a")).Origin);
        }

        Assert.InRange(Fleet.Checks - asked, 2, 5);
        Assert.Equal(Checks.Counts.Renewals, Fleet.Checks - asked);
    }

    [Fact]
    public async Task ARenewalThatFails_IsNotCountedAsAnAnswer()
    {
        await CheckAsync("/warm");
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        await CheckAsync("/a");
        CheckCounts before = Checks.Counts;
        int asked = Fleet.Checks;
        Fleet.Answer = _ => throw new MixerUnavailableException("nobody there");
        Clock.Advance(TimeSpan.FromMilliseconds(9_900));

        Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/a")).Origin);
        Assert.Equal(asked + 1, Fleet.Checks);
        Assert.Equal((before.Answers, before.Renewals), (Checks.Counts.Answers, Checks.Counts.Renewals));
    }

    [Fact]
    public async Task AVerdict_IsNotUsedOnceItsServerHasAnotherPolicy()
    {
        Fleet.Policies.Note(0, 17);
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        await CheckAsync("/a");
        Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/a")).Origin);

        Fleet.Policies.Note(0, 18);
        Fleet.Answer = _ => Verdicts.Of(StatusCode.PermissionDenied, "no more", Path);
        Assert.False((await CheckAsync("/a")).IsAllowed);

        Fleet.Policies.Note(1, 99);
        Assert.Equal(CheckOrigin.Cache, (await CheckAsync("/a")).Origin);
    }

    /// <summary>The announcement overtakes a verdict of the policy before: that is not the new policy's.</summary>
    [Fact]
    public async Task AVerdictAskedForUnderThePolicyBefore_IsNotKeptAsOneOfTheNew()
    {
        var pause = new TaskCompletionSource();
        Fleet.Policies.Note(0, 17);
        Fleet.Pause = pause.Task;
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        Task<CheckResult> first = CheckAsync("/a");
        Fleet.Policies.Note(0, 18);
        pause.SetResult();
        await first;
        Assert.Equal(CheckOrigin.Server, (await CheckAsync("/a")).Origin);
    }

    [Fact]
    public async Task Routes_OfAClientThatKeepsNothing_AreByWhatVerdictsDependOnToo()
    {
        Options = Options with { CacheEntries = 0 };
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        await CheckAsync("/learn");
        await CheckAsync("/a", "jane");
        await CheckAsync("/a", "joe");
        await CheckAsync("/b", "joe");
        Assert.Equal(4, Fleet.Checks);
        Assert.Equal(Fleet.Routes[1], Fleet.Routes[2]);
        Assert.NotEqual(Fleet.Routes[2], Fleet.Routes[3]);
    }

    [Fact]
    public async Task Routes_AreTheSameInEveryClientForTheSameQuestion()
    {
        Fleet.Answer = _ => Verdicts.Allowed(Path) with { ValidUseCount = 0 };
        Fleet.Answer = _ => Verdicts.Allowed(Path) with { ValidDuration = TimeSpan.FromMilliseconds(1) };
        using var other = new OtherClient();
        other.Fleet.Answer = Fleet.Answer;
        await CheckAsync("/learn");
        await other.CheckAsync("/learn too");
        await CheckAsync("/a", "jane");
        await CheckAsync("/b");
        await other.CheckAsync("/b", "joe");
        await other.CheckAsync("/a");
        Assert.Equal([Fleet.Routes[^2], Fleet.Routes[^1]], [other.Fleet.Routes[^1], other.Fleet.Routes[^2]]);
        Assert.NotEqual(Fleet.Routes[^2], Fleet.Routes[^1]);
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2012", Justification = "It has completed.")]
    public async Task AHit_CompletesAtOnceAndAllocatesNothing()
    {
        Fleet.Answer = _ => Verdicts.Of(StatusCode.PermissionDenied, "not here", Path);
        AttributeKey path = Space.Key("request.path");
        AttributeKey user = Space.Key("source.user");
        AttributeKey size = Space.Key("request.size");
        using RequestAttributes common = Request("/");
        common.Set("destination.service.name", "reviews");
        PreparedAttributes prepared = common.Prepare();
        await CheckAsync("/a");

        AllocationAssert.Zero(10_000, () =>
        {
            using RequestAttributes request = Space.Rent(prepared);
            request.Set(path, "/a"u8);
            request.Set(user, "jane");
            request.Set(size, 17);
            ValueTask<CheckResult> task = Checks.CheckAsync(request, default);
            Assert.True(task.IsCompletedSuccessfully && task.Result.Status == StatusCode.PermissionDenied);
        });
    }

    private sealed class OtherClient : ChecksTest;
}
