using System.Net;
using System.Net.Sockets;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests;

public sealed class StreamFailureTests : ClientTest
{
    [Fact(Timeout = Guard)]
    public async Task Timeout_NoAnswer_FailsTheCall_AndTheLateAnswerIsDropped()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address, o => o with { MaxInFlight = 1 });
        ValueTask<TimeSpan> call = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage first = await connection.ReadAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(call.IsCompleted);
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        MixerTimeoutException problem = await Assert.ThrowsAsync<MixerTimeoutException>(async () => await call);
        Assert.Contains(server.Address.ToString(), problem.Message, StringComparison.Ordinal);

        ValueTask<TimeSpan> next = client.PingAsync();
        FakeMessage second = await connection.ReadAsync();
        Assert.NotEqual(first.Id, second.Id);
        await connection.SendAsync(Answers.Ping(first.Id), Answers.Ping(second.Id));
        await next;
        Assert.Equal(1, client.Statistics.LateAnswers);
        Assert.Equal(1, client.Statistics.Timeouts);
    }

    [Fact(Timeout = Guard)]
    public async Task Cancellation_EndsTheWait_AndTheAnswerIsDropped()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using var source = new CancellationTokenSource();
        ValueTask<TimeSpan> call = client.PingAsync(source.Token);
        FakeConnection connection = await server.WelcomeAsync();
        FakeMessage first = await connection.ReadAsync();
        await source.CancelAsync();
        OperationCanceledException problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
        Assert.Equal(source.Token, problem.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.PingAsync(source.Token));

        ValueTask<TimeSpan> next = client.PingAsync();
        await connection.SendAsync(Answers.Ping(first.Id), Answers.Ping((await connection.ReadAsync()).Id));
        await next;
        Assert.Equal(1, client.Statistics.LateAnswers);
    }

    [Theory(Timeout = Guard)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionLost_FailsWhatIsInFlight_AndTheNextCallConnectsAgain(bool reset)
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> first = client.PingAsync();
        ValueTask<TimeSpan> second = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.ReadAsync();
        await connection.ReadAsync();
        Assert.NotNull(await client.ConnectAsync());
        if (reset)
        {
            connection.Reset();
        }
        else
        {
            connection.Dispose();
        }

        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await first);
        Assert.Contains("lost", problem.Message, StringComparison.Ordinal);
        Assert.Contains(server.Address.ToString(), problem.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MixerUnavailableException>(async () => await second);

        ValueTask<TimeSpan> third = client.PingAsync();
        connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Ping((await connection.ReadAsync()).Id));
        await third;
        Assert.Equal(2, client.Statistics.Connections);
        Assert.Equal(1, client.Statistics.ConnectionsLost);
    }

    [Fact(Timeout = Guard)]
    public async Task Unreachable_SaysWhereAndWhy_ThenBacksOff_ThenConnects()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)reserved.LocalEndPoint!).Port;
        MixerAddress address = MixerAddress.Parse($"tcp://127.0.0.1:{port}");
        await using MixerConnection client = Connect(
            address, o => o with { ReconnectDelay = TimeSpan.FromSeconds(10), MaxReconnectDelay = TimeSpan.FromSeconds(10) });
        MixerUnavailableException refused = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await client.PingAsync());
        Assert.Contains($"Cannot connect to {address}: Connection refused", refused.Message, StringComparison.Ordinal);
        Assert.IsType<SocketException>(refused.InnerException);

        // The pause is at least five seconds: further away than a call waits.
        MixerUnavailableException paused = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await client.PingAsync());
        Assert.Contains("next attempt", paused.Message, StringComparison.Ordinal);

        reserved.Dispose();
        using FakeServer server = FakeServer.Tcp(port);
        Clock.Advance(TimeSpan.FromSeconds(10));
        ValueTask<TimeSpan> call = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Ping((await connection.ReadAsync()).Id));
        await call;
    }

    [Fact(Timeout = Guard)]
    public async Task Unreachable_PauseWithinTheTimeout_CallWaitsForTheNextAttempt()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fm-{Guid.NewGuid():N}.sock");
        await using MixerConnection client = Connect(MixerAddress.Parse($"unix://{path}"));
        MixerUnavailableException missing = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await client.ConnectAsync());
        Assert.Contains(path, missing.Message, StringComparison.Ordinal);
        ValueTask<TimeSpan> call = client.PingAsync();
        Assert.False(call.IsCompleted);
        Clock.Advance(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<MixerUnavailableException>(async () => await call);
    }

    [Fact(Timeout = Guard)]
    public async Task PathTooLong_IsUnavailable()
    {
        await using MixerConnection client = Connect(MixerAddress.Parse("unix:///" + new string('x', 200)));
        await Assert.ThrowsAsync<MixerUnavailableException>(async () => await client.PingAsync());
    }

    [Fact(Timeout = Guard)]
    public async Task NoWelcome_WithinTheConnectTimeout_Fails()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        FakeConnection connection = await server.AcceptAsync();
        await connection.ReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(2));
        MixerUnavailableException problem = await Assert.ThrowsAsync<MixerUnavailableException>(() => connecting);
        Assert.Contains("no welcome", problem.Message, StringComparison.Ordinal);
        await connection.ReadToEndAsync();
    }

    [Fact(Timeout = Guard)]
    public async Task SilentConnection_WhileRequestsWait_IsReplaced()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> call = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await client.ConnectAsync();
        await connection.ReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<MixerTimeoutException>(async () => await call);
        for (int i = 0; i < 40; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await connection.ReadToEndAsync();
        ValueTask<TimeSpan> next = client.PingAsync();
        connection = await server.WelcomeAsync();
        await connection.SendAsync(Answers.Ping((await connection.ReadAsync()).Id));
        await next;
    }

    [Fact(Timeout = Guard)]
    public async Task GoingAway_NewRequestsGoElsewhere_AndTheOldConnectionEndsAfterItsLastAnswer()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> inFlight = client.PingAsync();
        FakeConnection old = await server.WelcomeAsync();
        FakeMessage ping = await old.ReadAsync();
        ValueTask<TimeSpan> probe = client.PingAsync();
        FakeMessage second = await old.ReadAsync();
        await old.SendAsync(Answers.GoingAway(), Answers.Ping(second.Id));
        await probe;
        Assert.True(client.IsGoingAway);

        ValueTask<TimeSpan> moved = client.PingAsync();
        FakeConnection fresh = await server.WelcomeAsync();
        await fresh.SendAsync(Answers.Ping((await fresh.ReadAsync()).Id));
        await moved;
        Assert.False(client.IsGoingAway);
        await old.SendAsync(Answers.Ping(ping.Id));
        await inFlight;
        Assert.Equal(0, await old.ReadToEndAsync());
        Assert.Equal(0, client.Statistics.ConnectionsLost);
    }

    [Fact(Timeout = Guard)]
    public async Task RequestError_FailsItsCallOnly()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        using AttributeWriter attributes = Attributes();
        ValueTask<Verdict> bad = client.CheckAsync(attributes);
        ValueTask<Verdict> strange = client.CheckAsync(attributes);
        ValueTask<TimeSpan> good = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.SendAsync(
            Answers.Error((await connection.ReadAsync()).Id, ErrorCode.WrongType, "request.path: expected text"),
            Answers.Error((await connection.ReadAsync()).Id, (ErrorCode)99, "from the future"),
            Answers.Ping((await connection.ReadAsync()).Id));
        MixerErrorException problem = await Assert.ThrowsAsync<MixerErrorException>(async () => await bad);
        Assert.Equal(ErrorCode.WrongType, problem.Code);
        Assert.Equal("wrong-type: request.path: expected text", problem.Message);
        Assert.Equal((ErrorCode)99, (await Assert.ThrowsAsync<MixerErrorException>(async () => await strange)).Code);
        await good;
    }

    [Theory(Timeout = Guard)]
    [InlineData(ErrorCode.TooManyConnections)]
    [InlineData((ErrorCode)99)]
    public async Task FatalError_FailsAllInFlightWithTheServersWord(ErrorCode code)
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        Task<Welcome> connecting = client.ConnectAsync().AsTask();
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.AcceptAsync();
        await connection.ReadAsync();
        await connection.SendAsync(Answers.Error(0, code, "enough of you"));
        MixerUnavailableException lost = await Assert.ThrowsAsync<MixerUnavailableException>(async () => await ping);
        Assert.Contains("enough of you", lost.Message, StringComparison.Ordinal);
        Assert.IsType<MixerErrorException>(lost.InnerException);
        Assert.Equal(code, (await Assert.ThrowsAsync<MixerErrorException>(() => connecting)).Code);
    }

    [Fact(Timeout = Guard)]
    public async Task DisposeAsync_FailsWhatIsInFlight_AndSaysGoodbye()
    {
        using FakeServer server = FakeServer.Tcp();
        await using MixerConnection client = Connect(server.Address);
        ValueTask<TimeSpan> ping = client.PingAsync();
        FakeConnection connection = await server.WelcomeAsync();
        await connection.ReadAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<MixerUnavailableException>(async () => await ping);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await client.PingAsync());
        Assert.Equal(0, await connection.ReadToEndAsync());
        await client.DisposeAsync();
    }
}
