using FastMixer.Client.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests.Cache;

public sealed class CoalescingTests : ChecksTest
{
    [Fact]
    public async Task ManyAtOnce_WithOneQuestion_AskItOnce()
    {
        var pause = new TaskCompletionSource();
        Fleet.Pause = pause.Task;
        Fleet.Answer = _ => Verdicts.Of(StatusCode.PermissionDenied, "not here", Path);
        Task<CheckResult>[] all = [.. Enumerable.Range(0, 10_000).Select(_ => CheckAsync("/a"))];
        pause.SetResult();
        Assert.All(await Task.WhenAll(all), result => Assert.Equal(StatusCode.PermissionDenied, result.Status));
        Assert.Equal(1, Fleet.Checks);
        Assert.Equal(9_999, Checks.Counts.Shared);
    }

    /// <summary>The question looks the same by what verdicts depended on so far, and is not: the new verdict depends on the user too.</summary>
    [Fact]
    public async Task WhoeverShares_DoesNotTakeAVerdictThatIsNotForHim()
    {
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        await CheckAsync("/learn", "jane");
        Fleet.Answer = bag => Text(bag, "source.user") == "jane"
            ? Verdicts.Allowed(Path, new ReferencedAttribute("source.user", null, Present: true))
            : Verdicts.Of(StatusCode.PermissionDenied, "only jane", Path, new ReferencedAttribute("source.user", null, Present: true));
        var pause = new TaskCompletionSource();
        Fleet.Pause = pause.Task;
        Task<CheckResult> jane = CheckAsync("/a", "jane");
        Task<CheckResult> joe = CheckAsync("/a", "joe");
        Task<CheckResult> janeAgain = CheckAsync("/a", "jane");
        pause.SetResult();
        Assert.True((await jane).IsAllowed);
        Assert.False((await joe).IsAllowed);
        Assert.True((await janeAgain).IsAllowed);
        Assert.Equal(3, Fleet.Checks);
    }

    [Fact]
    public async Task TheOneWhoAskedFirst_MayGiveUpWithoutHarmToOthers()
    {
        var pause = new TaskCompletionSource();
        Fleet.Pause = pause.Task;
        Fleet.Answer = _ => Verdicts.Allowed(Path);
        using var cancellation = new CancellationTokenSource();
        using RequestAttributes request = Request("/a");
        Task<CheckResult> first = Checks.CheckAsync(request, cancellation.Token).AsTask();
        Task<CheckResult> second = CheckAsync("/a");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        pause.SetResult();
        Assert.True((await second).IsAllowed);
        Assert.Equal(1, Fleet.Checks);
    }

    [Fact]
    public async Task WhoeverShares_SharesTheFailureToo()
    {
        var pause = new TaskCompletionSource();
        Fleet.Pause = pause.Task;
        Task<CheckResult>[] all = [.. Enumerable.Range(0, 10).Select(_ => CheckAsync("/a"))];
        pause.SetException(new MixerUnavailableException("nobody there"));
        Assert.All(await Task.WhenAll(all), result => Assert.Equal(CheckOrigin.Unavailable, result.Origin));
        Assert.Equal(1, Fleet.Checks);
    }
}
