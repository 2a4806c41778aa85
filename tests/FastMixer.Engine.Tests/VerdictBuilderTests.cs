using System.Text;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests;

public sealed class VerdictBuilderTests
{
    [Fact]
    public void NoHandler_AllowsWithTheDefaultLife()
    {
        using VerdictBuilder verdict = Combine();

        Assert.Equal(StatusCode.Ok, verdict.Status);
        Assert.Equal(CheckResult.DefaultValidDuration, verdict.ValidDuration);
        Assert.Equal(CheckResult.DefaultValidUseCount, verdict.ValidUseCount);
        Assert.True(verdict.Message.IsEmpty);
    }

    [Fact]
    public void FirstFailureHasTheStatus_AndEveryFailureItsPartOfTheMessage()
    {
        using VerdictBuilder verdict = Combine(
            Result(StatusCode.Ok, "unheard"), Result(StatusCode.NotFound, "one"), Result(StatusCode.PermissionDenied, "two"));

        Assert.Equal(StatusCode.NotFound, verdict.Status);
        Assert.Equal("h1:one, h2:two", Encoding.UTF8.GetString(verdict.Message));
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(5, 5, 60)]
    [InlineData(5, 60, 5)]
    [InlineData(0, 60, 0, 5)]
    public void LeastDurationHolds(int expected, params int[] seconds)
    {
        using VerdictBuilder verdict = Combine([.. seconds.Select(one => Result(StatusCode.Ok, "", one))]);

        Assert.Equal(TimeSpan.FromSeconds(expected), verdict.ValidDuration);
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(-1, -1, -1)]
    [InlineData(7, -1, 7)]
    [InlineData(7, 7, -1)]
    [InlineData(0, 7, 0)]
    [InlineData(20_000_000, 20_000_000)]
    public void LeastUseCountHolds_WhereMinusOneIsWithoutBound(int expected, params int[] uses)
    {
        using VerdictBuilder verdict = Combine([.. uses.Select(one => Result(StatusCode.Ok, "", uses: one))]);

        Assert.Equal(expected, verdict.ValidUseCount);
    }

    [Fact]
    public void Reset_ForgetsEverything()
    {
        using VerdictBuilder verdict = Combine(Result(StatusCode.NotFound, "gone", 1, 1));

        verdict.Reset();

        Assert.Equal(StatusCode.Ok, verdict.Status);
        Assert.Equal(CheckResult.DefaultValidDuration, verdict.ValidDuration);
        Assert.True(verdict.Message.IsEmpty);
    }

    private static CheckResult Result(StatusCode status, string message, int seconds = 60, int uses = 10) =>
        CheckResult.Create(status, message, TimeSpan.FromSeconds(seconds), uses);

    private static VerdictBuilder Combine(params CheckResult[] results)
    {
        var verdict = new VerdictBuilder();
        verdict.Reset();
        for (int i = 0; i < results.Length; i++)
        {
            verdict.Add(Encoding.UTF8.GetBytes($"h{i}"), results[i]);
        }

        return verdict;
    }
}
