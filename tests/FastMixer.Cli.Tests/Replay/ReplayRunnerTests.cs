using FastMixer.Cli.Attributes;
using FastMixer.Cli.Replay;
using FastMixer.Client;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Cli.Tests.Replay;

public sealed class ReplayRunnerTests
{
    [Fact]
    public async Task RunAsync_Log_CountsVerdictsAndReportsAll()
    {
        var target = new FakeTarget
        {
            Verdict = path => path.StartsWith("/admin", StringComparison.Ordinal) ? FakeTarget.Denied("deny.ns:no") : FakeTarget.Allowed,
        };
        string[] lines = [.. Enumerable.Range(0, 250).Select(i => Lines.Get(i % 5 == 0 ? "/admin" : $"/{i}")), "junk"];
        ReplaySummary summary = await RunAsync(new ReplayOptions { Depth = 4 }, target, lines);

        Assert.Equal(251, summary.Lines);
        Assert.Equal(251, Assert.Single(summary.FirstNotParsed).Number);
        Assert.Equal([new("OK", 200), new("PERMISSION_DENIED", 50)], summary.ByStatus.Top());
        Assert.Equal([new("deny.ns", 50)], summary.ByRule.Top());
        Assert.Equal([new("/admin", 50)], summary.DeniedPaths.Top());
        Assert.Equal([new("10.0.0.1", 50)], summary.DeniedSources.Top());
        Assert.Equal(250, summary.Accepted);
        Assert.Equal(250, target.Reports.Sum());
        Assert.True(target.Reports.Max() <= ReportSender.MaxRecords);
        Assert.InRange(target.MostInFlight, 1, 4);
        Assert.True(summary.IsComplete);
    }

    [Theory]
    [InlineData(false, true, 0, 3)]
    [InlineData(true, false, 3, 0)]
    public async Task RunAsync_PartLeftOut_IsNotAsked(bool checks, bool reports, int answered, int accepted)
    {
        ReplaySummary summary = await RunAsync(
            new ReplayOptions { Checks = checks, Reports = reports }, new FakeTarget(), Lines.Get("/a"), Lines.Get("/b"), Lines.Get("/c"));
        Assert.Equal(answered, summary.Answered);
        Assert.Equal(accepted, summary.Accepted);
    }

    [Fact]
    public async Task RunAsync_Limit_ReadsNoFurther()
    {
        ReplaySummary summary = await RunAsync(new ReplayOptions { Limit = 2 }, new FakeTarget(), Lines.Get("/a"), "junk", Lines.Get("/c"));
        Assert.Equal(2, summary.Lines);
        Assert.Equal(1, summary.Answered);
    }

    [Fact]
    public async Task RunAsync_RefusedRecords_AreSentAgain()
    {
        var target = new FakeTarget { Acknowledge = count => new Acknowledgement(count - (count / 2), count / 2, TimeSpan.Zero) };
        ReplaySummary summary = await RunAsync(
            new ReplayOptions { Checks = false }, target, [.. Enumerable.Repeat(Lines.Get("/"), 100)]);
        Assert.Equal(100, summary.Accepted);
        Assert.True(summary.Refused > 0);
        Assert.Equal(0, summary.Undelivered);
    }

    [Fact]
    public async Task RunAsync_ReportsRefusedForEver_AreGivenUp()
    {
        var target = new FakeTarget { Acknowledge = count => new Acknowledgement(0, count, TimeSpan.Zero) };
        ReplaySummary summary = await RunAsync(new ReplayOptions { Checks = false }, target, Lines.Get("/"));
        Assert.Equal(ReportSender.MaxFutileAttempts, target.Reports.Count);
        Assert.Equal(1, summary.Undelivered);
        Assert.False(summary.IsComplete);
    }

    [Fact]
    public async Task RunAsync_Errors_AreCountedAndTheRestGoesOn()
    {
        var target = new FakeTarget
        {
            Verdict = path => path == "/bad" ? throw new MixerErrorException(ErrorCode.WrongType, "request.size: expected INT64") : FakeTarget.Allowed,
        };
        ReplaySummary summary = await RunAsync(new ReplayOptions { Reports = false }, target, Lines.Get("/bad"), Lines.Get("/a"));
        Assert.Equal((1, 1), (summary.Failed, summary.Answered));
        Assert.Equal([new("error wrong-type", 1)], summary.Failures.Top());
        Assert.Equal("request.size: expected INT64", summary.FailureExample("error wrong-type"));
        Assert.False(summary.IsComplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ServerGone_EndsBeforeTheLog(bool checks)
    {
        var target = new FakeTarget
        {
            Verdict = _ => throw new MixerUnavailableException("gone"),
            Acknowledge = _ => throw new MixerUnavailableException("gone"),
        };
        ReplaySummary summary = await RunAsync(
            new ReplayOptions { Depth = 1, Checks = checks }, target, [.. Enumerable.Repeat(Lines.Get("/"), 50_000)]);
        Assert.True(summary.ServerIsGone);
        Assert.True(summary.Lines < 50_000);
        Assert.Equal("the server no longer answers", summary.Ended);
    }

    [Fact]
    public async Task RunAsync_LogThatCannotBeReadOn_Fails()
    {
        static async IAsyncEnumerable<LogLine> BrokenLog()
        {
            yield return new LogLine(1, Lines.Good);
            await Task.Yield();
            throw new InputException("log: broken");
        }

        ReplayRunner runner = Runner(new ReplayOptions(), new FakeTarget(), new ReplaySummary());
        await Assert.ThrowsAsync<InputException>(() => runner.RunAsync(BrokenLog(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RunAsync_Interrupted_TellsSo()
    {
        using var interruption = new CancellationTokenSource();
        var target = new FakeTarget
        {
            Verdict = _ =>
            {
                interruption.Cancel();
                return FakeTarget.Allowed;
            },
        };
        var summary = new ReplaySummary();
        await Runner(new ReplayOptions { Depth = 1 }, target, summary)
            .RunAsync(Lines.Of([.. Enumerable.Repeat(Lines.Get("/"), 50_000)]), interruption.Token);
        Assert.Equal("interrupted", summary.Ended);
        Assert.False(summary.ServerIsGone);
    }

    private static ReplayRunner Runner(ReplayOptions options, FakeTarget target, ReplaySummary summary) =>
        new(options, [target], new AttributeSet(), inherited: true, summary, TimeProvider.System);

    private static async Task<ReplaySummary> RunAsync(ReplayOptions options, FakeTarget target, params string[] lines)
    {
        var summary = new ReplaySummary();
        await Runner(options, target, summary).RunAsync(Lines.Of(lines), TestContext.Current.CancellationToken);
        return summary;
    }
}
