using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests.Cache;

public sealed class FailureTests : ChecksTest
{
    [Fact]
    public async Task AVerdictWhoseTimeIsOver_IsUsedWhileNoServerAnswersAndAsLongAsAllowed()
    {
        Options = Options with { StaleFor = TimeSpan.FromSeconds(60) };
        Fleet.Answer = _ => Verdicts.Of(StatusCode.PermissionDenied, "not here", Path);
        await CheckAsync("/a");
        Fleet.Answer = _ => throw new MixerUnavailableException("nobody there");

        Clock.Advance(TimeSpan.FromSeconds(11));
        CheckResult stale = await CheckAsync("/a");
        Assert.Equal((StatusCode.PermissionDenied, "not here", CheckOrigin.Stale), (stale.Status, stale.Message, stale.Origin));
        Assert.Equal(1, Checks.Counts.Stale);

        Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(CheckOrigin.Unavailable, (await CheckAsync("/a")).Origin);
    }

    [Fact]
    public async Task AVerdictOfAPolicyThatWasReplaced_IsUsedWhileNoServerAnswers()
    {
        Fleet.Policies.Note(0, 17);
        Fleet.Answer = _ => Verdicts.Of(StatusCode.PermissionDenied, "not here", Path);
        await CheckAsync("/a");
        Fleet.Policies.Note(0, 18);
        Fleet.Answer = _ => throw new MixerTimeoutException("too late");
        Assert.Equal(CheckOrigin.Stale, (await CheckAsync("/a")).Origin);
    }

    [Theory]
    [InlineData(StatusCode.Ok, CheckOrigin.Unavailable, StatusCode.Unavailable)]
    [InlineData(StatusCode.PermissionDenied, CheckOrigin.Stale, StatusCode.PermissionDenied)]
    public async Task AVerdictWhoseTimeIsOver_MayDenyACheckThatTakesFromQuotas_AndNotAllowIt(StatusCode kept, CheckOrigin origin, StatusCode expected)
    {
        Fleet.Answer = _ => Verdicts.Of(kept, string.Empty, Path);
        await CheckAsync("/a");
        Fleet.Answer = _ => throw new MixerUnavailableException("nobody there");
        Clock.Advance(TimeSpan.FromSeconds(11));
        using FastMixer.Client.Attributes.RequestAttributes request = Request("/a");
        CheckResult result = await Checks.CheckAsync(request, [new QuotaRequest("requests", 1)], TestContext.Current.CancellationToken);
        Assert.Equal((expected, origin), (result.Status, result.Origin));
    }

    [Theory]
    [InlineData(FailureMode.Open, StatusCode.Ok)]
    [InlineData(FailureMode.Closed, StatusCode.Unavailable)]
    public async Task WhatNobodyAnswers_IsDecidedByTheOptions(FailureMode mode, StatusCode expected)
    {
        Options = Options with { WhenUnavailable = mode };
        Fleet.Answer = _ => throw new MixerUnavailableException("nobody there");
        CheckResult result = await CheckAsync("/a");
        Assert.Equal((expected, CheckOrigin.Unavailable), (result.Status, result.Origin));
        Assert.Equal(mode == FailureMode.Open ? "" : "nobody there", result.Message);
        Assert.Equal((mode == FailureMode.Open ? 1 : 0, mode == FailureMode.Open ? 0 : 1), (Checks.Counts.FailedOpen, Checks.Counts.FailedClosed));
    }

    [Fact]
    public async Task WhatNobodyAnswers_IsDecidedByDestinationFirst()
    {
        Options = Options with
        {
            WhenUnavailable = FailureMode.Open,
            WhenUnavailableFor = new Dictionary<string, FailureMode> { ["bank"] = FailureMode.Closed },
        };
        Fleet.Answer = _ => throw new MixerErrorException(ErrorCode.Internal, "a handler failed");
        using FastMixer.Client.Attributes.RequestAttributes request = Request("/a");
        request.Set("destination.service.name", "bank");
        Assert.False((await Checks.CheckAsync(request, TestContext.Current.CancellationToken)).IsAllowed);
        request.Set("destination.service.name", "reviews");
        Assert.True((await Checks.CheckAsync(request, TestContext.Current.CancellationToken)).IsAllowed);
    }

    [Fact]
    public async Task WhatAServerFindsWrongWithARequest_IsForTheCallerToMend()
    {
        Options = Options with { WhenUnavailable = FailureMode.Open };
        Fleet.Answer = _ => throw new MixerErrorException(ErrorCode.WrongType, "request.size must be INT64");
        MixerErrorException exception = await Assert.ThrowsAsync<MixerErrorException>(() => CheckAsync("/a"));
        Assert.Equal(ErrorCode.WrongType, exception.Code);
        Assert.Equal(1, Checks.Counts.Refused);
    }
}
