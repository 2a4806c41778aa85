using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests.Fleet;

public sealed class HealthTests : FleetTest
{
    [Fact(Timeout = Guard)]
    public async Task FailuresInARow_LeaveAServerOut_UntilAProbeIsAnswered_AndItComesBackSlowly()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address], o => o with { EjectAfter = 3 });
        RunningServer[] order = Order(1, a, b);
        int index = order[0] == a ? 0 : 1;
        bool isWell = false;
        order[0].OnCheck = message => Answers.Error(message.Id, ErrorCode.Overloaded, "too much to do");
        order[0].OnPing = message => Volatile.Read(ref isWell) ? Answers.Ping(message.Id) : null;
        for (int i = 0; i < 5; i++)
        {
            await AskAsync(fleet);
        }

        Assert.Equal(3, order[0].Checks);
        Assert.Equal(ServerState.Out, fleet.Counts.Servers[index].State);

        // A probe that is not answered leaves it out for longer.
        await UntilAsync(() => fleet.Counts.FailedProbes > 0, TimeSpan.FromMilliseconds(20));
        Assert.Equal(ServerState.Out, fleet.Counts.Servers[index].State);
        Volatile.Write(ref isWell, true);
        await UntilAsync(() => fleet.Counts.Servers[index].State == ServerState.In, TimeSpan.FromMilliseconds(20));
        Assert.InRange(fleet.Counts.Servers[index].Weight, 0.1, 0.2);
        Assert.Equal(1, fleet.Counts.Ejections);
    }

    [Fact(Timeout = Guard)]
    public async Task AllOut_AsksAllTheSame()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        a.OnPing = b.OnPing = _ => null;
        await using ServerFleet fleet = Fleet([a.Address, b.Address], o => o with { EjectAfter = 1 });
        a.OnCheck = b.OnCheck = message => Answers.Error(message.Id, ErrorCode.Overloaded, "too much to do");
        await Assert.ThrowsAsync<MixerUnavailableException>(() => AskAsync(fleet));
        Assert.All(fleet.Counts.Servers, server => Assert.Equal(ServerState.Out, server.State));

        a.OnCheck = b.OnCheck = message => Answers.Verdict(message.Id);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(fleet);
        Assert.Equal(1, fleet.Counts.Panics);

        // The one that has answered is in again.
        Assert.Single(fleet.Counts.Servers, server => server.State == ServerState.In);
    }

    [Fact(Timeout = Guard)]
    public async Task GoingAway_SendsLaterChecksToOthers_AndFailsNone()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        RunningServer[] order = Order(1, a, b);
        FakeMessage? held = null;
        order[0].OnCheck = message =>
        {
            held = message;
            return null;
        };
        Task<ServedVerdict> inFlight = AskAsync(fleet);
        await UntilAsync(() => held is not null);
        await order[0].SendToAllAsync(Answers.GoingAway());
        await UntilAsync(() => fleet.Counts.Servers.Any(server => server.State == ServerState.Leaving));
        await AskAsync(fleet);
        Assert.Equal(1, order[1].Checks);

        // It still answers what it was asked before.
        await order[0].SendToAllAsync(Answers.Verdict(held!.Id));
        await inFlight;
        Assert.Equal(0, fleet.Counts.FailedChecks);
        Assert.Equal(0, fleet.Counts.Failovers);
    }

    [Fact(Timeout = Guard)]
    public async Task ALostConnection_ToTheSameProcess_IsMadeAgain_WithoutASlowStart()
    {
        using var server = new RunningServer();
        await using ServerFleet fleet = Fleet([server.Address]);
        await AskAsync(fleet);
        server.ResetConnections();
        await UntilAsync(() => server.Connections == 2 && fleet.Counts.Servers[0].State == ServerState.In, TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, fleet.Counts.Servers[0].Weight);
        await AskAsync(fleet);
        Assert.Equal(0, fleet.Counts.FailedChecks);
    }

    [Fact(Timeout = Guard)]
    public async Task AConnectionLostAgainAndAgain_IsMadeEverLessOften()
    {
        using var server = new RunningServer();
        await using ServerFleet fleet = Fleet([server.Address]);
        await AskAsync(fleet);
        server.ResetConnections();
        await UntilAsync(() => server.Connections == 2 && fleet.Counts.Servers[0].State == ServerState.In, TimeSpan.FromMilliseconds(1));

        // The second pause is between 100 and 200 ms.
        server.ResetConnections();
        await UntilAsync(() => fleet.Counts.Servers[0].State == ServerState.Out);
        Clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(2, server.Connections);
        Clock.Advance(TimeSpan.FromMilliseconds(102));
        await UntilAsync(() => fleet.Counts.Servers[0].State == ServerState.In);
        Assert.Equal(3, server.Connections);
    }

    [Fact(Timeout = Guard)]
    public async Task NobodyThere_EndsWithWhatWasWrongWithEach()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        a.Kill();
        b.Kill();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        Task<ServedVerdict> check = AskAsync(fleet);
        await UntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(5));
        MixerException problem = await Assert.ThrowsAnyAsync<MixerException>(() => check);
        Assert.Contains(a.Address, problem.Message, StringComparison.Ordinal);
        Assert.Contains(b.Address, problem.Message, StringComparison.Ordinal);
        Assert.Equal(1, fleet.Counts.FailedChecks);
    }

    [Fact(Timeout = Guard)]
    public async Task Cancellation_EndsTheWait_AndNobodyElseIsAsked()
    {
        using var a = new RunningServer { OnCheck = _ => null };
        using var b = new RunningServer { OnCheck = _ => null };
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        using var source = new CancellationTokenSource();
        using CheckQuestion question = Question();
        ValueTask<ServedVerdict> check = fleet.CheckAsync(question, source.Token);
        await UntilAsync(() => a.Checks + b.Checks == 1);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await check);
        Assert.Equal(1, a.Checks + b.Checks);
    }

    [Fact(Timeout = Guard)]
    public async Task Disposal_FailsWhatIsInFlight_AndLaterChecks()
    {
        using var a = new RunningServer { OnCheck = _ => null };
        using var b = new RunningServer { OnCheck = _ => null };
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        Task<ServedVerdict> check = AskAsync(fleet);
        await UntilAsync(() => a.Checks + b.Checks == 1);
        await fleet.DisposeAsync();
        await Assert.ThrowsAsync<MixerUnavailableException>(() => check);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AskAsync(fleet));
    }

    [Fact(Timeout = Guard)]
    public async Task Reports_GoToAServerThatIsThere_AndAreNotSentTwice()
    {
        using var a = new RunningServer();
        using var b = new RunningServer();
        await using ServerFleet fleet = Fleet([a.Address, b.Address]);
        byte[] records = [0x91, 0x80];
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(1, (await fleet.ReportAsync(records, Token)).Accepted);
        }

        Assert.InRange(a.Reports, 8, 32);
        Assert.Equal(40, a.Reports + b.Reports);

        // What is refused whole goes elsewhere; what is not acknowledged does not.
        a.OnReport = message => Answers.Error(message.Id, ErrorCode.Overloaded, "too much to do");
        for (int i = 0; i < 4; i++)
        {
            await fleet.ReportAsync(records, Token);
        }

        a.OnReport = b.OnReport = _ => null;
        int before = a.Reports + b.Reports;
        Task<Acknowledgement> lost = fleet.ReportAsync(records, Token).AsTask();
        await UntilAsync(() => lost.IsCompleted, TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAsync<MixerUnacknowledgedException>(() => lost);
        Assert.Equal(before + 1, a.Reports + b.Reports);

        a.Kill();
        b.Kill();
        await UntilAsync(() => fleet.Counts.Servers.All(server => server.State == ServerState.Out));
        Task<Acknowledgement> nobody = fleet.ReportAsync(records, Token).AsTask();
        await UntilAsync(() => nobody.IsCompleted, TimeSpan.FromMilliseconds(5));
        Assert.Equal(MixerFailure.NotSent, (await Assert.ThrowsAsync<MixerUnavailableException>(() => nobody)).Reason);
    }

    private async Task<ServedVerdict> AskAsync(ServerFleet fleet)
    {
        using CheckQuestion question = Question();
        return await fleet.CheckAsync(question, Token);
    }
}
