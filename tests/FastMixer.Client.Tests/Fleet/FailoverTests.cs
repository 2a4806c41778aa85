using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests.Fleet;

public sealed class FailoverTests : FleetTest
{
    [Fact(Timeout = Guard)]
    public async Task Check_GoesToTheServerOfItsRoute_WithTheBaseSaidByTheHello()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        await AskBothAsync(fleet, a, b);
        long asked = fleet.Counts.Checks;
        for (ulong route = 0; route < 20; route++)
        {
            // Apart, so that none has more than its share, and not so far that a connection seems to have gone silent.
            Clock.Advance(TimeSpan.FromSeconds(2));
            RunningServer preferred = Order(route, a, b)[0];
            int before = preferred.Checks;
            using CheckQuestion question = Question($"/{route}", route);
            ServedVerdict served = await fleet.CheckAsync(question, Token);
            Assert.Equal(StatusCode.Ok, served.Verdict.Status);
            Assert.Equal(preferred == a ? 0 : 1, served.Server);
            Assert.Equal(before + 1, preferred.Checks);
            Assert.Equal($"/{route}", preferred.Received.Last().Attribute("request.path"));
        }

        Assert.Equal(20, fleet.Counts.Checks - asked);
        Assert.Equal(0, fleet.Counts.Failovers);
    }

    // Once time moves, a server that is still being connected to would seem to be too slow.
    private async Task AskBothAsync(ServerFleet fleet, RunningServer a, RunningServer b)
    {
        for (ulong route = 0; a.Checks == 0 || b.Checks == 0; route++)
        {
            using CheckQuestion question = Question(route: route);
            await fleet.CheckAsync(question, Token);
        }
    }

    [Fact(Timeout = Guard)]
    public async Task Overloaded_AsksTheNext_AndGivesUpAfterThree()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        using var c = new RunningServer();
        using var d = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address, c.Address, d.Address]);
        RunningServer[] order = Order(7, a, b, c, d);
        order[0].OnCheck = message => Answers.Error(message.Id, ErrorCode.Overloaded, "too much to do");
        using CheckQuestion question = Question(route: 7);
        await fleet.CheckAsync(question, Token);
        Assert.Equal([1, 1, 0, 0], order.Select(server => server.Checks));

        order[1].OnCheck = order[2].OnCheck = order[0].OnCheck;
        MixerException problem = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await fleet.CheckAsync(question, Token));
        Assert.Contains(order[2].Address, problem.Message, StringComparison.Ordinal);
        Assert.Contains("too much to do", problem.Message, StringComparison.Ordinal);
        Assert.Equal([2, 2, 1, 0], order.Select(server => server.Checks));
        Assert.Equal(1, fleet.Counts.FailedChecks);
    }

    [Theory(Timeout = Guard)]
    [InlineData(ErrorCode.WrongType)]
    [InlineData(ErrorCode.Internal)]
    [InlineData(ErrorCode.LimitExceeded)]
    public async Task RequestErrors_AreTheAnswer(ErrorCode code)
    {
        using var a = new RunningServer { OnCheck = message => Answers.Error(message.Id, code, "no") };
        using var b = new RunningServer { OnCheck = a.OnCheck };
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        using CheckQuestion question = Question();
        MixerErrorException problem = await Assert.ThrowsAsync<MixerErrorException>(async () => await fleet.CheckAsync(question, Token));
        Assert.Equal(code, problem.Code);
        Assert.Equal(1, a.Checks + b.Checks);
    }

    [Fact(Timeout = Guard)]
    public async Task DeadlineExceeded_AsksTheNext()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        RunningServer[] order = Order(1, a, b);
        order[0].OnCheck = message => Answers.Error(message.Id, ErrorCode.DeadlineExceeded, "too late");
        using CheckQuestion question = Question();
        await fleet.CheckAsync(question, Token);
        Assert.Equal([1, 1], order.Select(server => server.Checks));
    }

    [Fact(Timeout = Guard)]
    public async Task Silence_LeavesHalfOfTheTimeForTheNext()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        RunningServer[] order = Order(1, a, b);
        order[0].OnCheck = _ => null;
        using CheckQuestion question = Question();
        ValueTask<ServedVerdict> check = fleet.CheckAsync(question, Token);
        await UntilAsync(() => order[0].Checks == 1);
        Assert.Equal(TimeSpan.FromMilliseconds(500), order[0].Received.Last().Patience(padded: false));
        Clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, order[1].Checks);
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        await check;
        Assert.Equal(1, order[1].Checks);
        Assert.Equal(1, fleet.Counts.Failovers);
    }

    [Fact(Timeout = Guard)]
    public async Task Kill_UnderChecksInFlight_FailsNone_AndTheServerComesBack()
    {
        using var a = new RunningServer();
        var b = new RunningServer();
        ulong route = Enumerable.Range(0, 100).Select(i => (ulong)i).First(candidate => Order(candidate, a, b)[0] == b);
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        b.OnCheck = _ => null;
        CheckQuestion[] questions = [.. Enumerable.Range(0, 50).Select(_ => Question(route: route))];
        Task<ServedVerdict>[] checks = [.. questions.Select(question => fleet.CheckAsync(question, Token).AsTask())];
        await UntilAsync(() => b.Checks > 0 && a.Checks + b.Checks == 50);
        b.Kill();
        Assert.All(await Task.WhenAll(checks), served => Assert.True(served.Verdict.IsAllowed));
        Assert.Equal(ServerState.Out, fleet.Counts.Servers[1].State);
        Assert.Equal(1, fleet.Counts.Ejections);
        Assert.Equal(0, fleet.Counts.FailedChecks);

        using var restarted = new RunningServer(b.Port, "i2");
        await UntilAsync(() => fleet.Counts.Servers[1].State == ServerState.In, TimeSpan.FromMilliseconds(10));
        Assert.Equal(0.1, fleet.Counts.Servers[1].Weight, precision: 2);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(fleet.Counts.Servers[1].Weight, 0.5, 0.6);
        Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, fleet.Counts.Servers[1].Weight);
        b.Dispose();
    }

    [Fact(Timeout = Guard)]
    public async Task Quotas_GetAnIdThatEveryAttemptSends()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        RunningServer[] order = Order(1, a, b);
        order[0].OnCheck = message => Answers.Error(message.Id, ErrorCode.Overloaded, "too much to do");
        using CheckQuestion first = Question();
        using CheckQuestion second = Question();
        first.Quotas = second.Quotas = [new QuotaRequest("requests", 1)];
        await fleet.CheckAsync(first, Token);
        await fleet.CheckAsync(second, Token);
        string[] ids = [.. order[0].Received.Concat(order[1].Received).Select(message => message.DeduplicationId(padded: false))];
        Assert.Equal(4, ids.Length);
        Assert.Equal(ids[..2], ids[2..]);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(32, id.Length));
    }
}
