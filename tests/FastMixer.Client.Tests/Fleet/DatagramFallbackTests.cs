using System.Net.Sockets;
using FastMixer.Client.Fleet;
using FastMixer.Client.Fleet.Servers;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Tests.Fleet;

public sealed class DatagramFallbackTests : FleetTest, IDisposable
{
    private readonly FakeDatagramServer _datagrams;
    private readonly RunningServer _stream;

    public DatagramFallbackTests() => (_datagrams, _stream) = OfOnePort();

    [Fact(Timeout = Guard)]
    public async Task Checks_GoByDatagram_WithAllAttributes()
    {
        await using ServerFleet fleet = Fleet([_datagrams.Address.ToString()]);
        using CheckQuestion question = Question("/books");
        ValueTask<ServedVerdict> check = fleet.CheckAsync(question, Token);
        FakeMessage message = await _datagrams.ReadAsync();
        Assert.Equal("/books", message.Attribute("request.path", padded: true));
        Assert.Equal(512, message.Body.Length);
        await _datagrams.SendAsync(Answers.Verdict(message.Id, framed: false));
        Assert.True((await check).Verdict.IsAllowed);
        Assert.Equal(0, fleet.Counts.DatagramFallbacks);
        Assert.Equal(0, _stream.Checks);
    }

    [Fact(Timeout = Guard)]
    public async Task ALargeQuestion_TakesTheStreamAtOnce()
    {
        await using ServerFleet fleet = Fleet([_datagrams.Address.ToString()]);
        using CheckQuestion question = Question(new string('x', 9000));
        await fleet.CheckAsync(question, Token);
        Assert.Equal(1, _stream.Checks);
        Assert.Equal(1, fleet.Counts.DatagramFallbacks);
    }

    [Fact(Timeout = Guard)]
    public async Task ALargeAnswer_TakesTheStream_WithTheSameId()
    {
        await using ServerFleet fleet = Fleet([_datagrams.Address.ToString()]);
        using CheckQuestion question = Question();
        question.Quotas = [new("requests", 1)];
        ValueTask<ServedVerdict> check = fleet.CheckAsync(question, Token);
        FakeMessage message = await _datagrams.ReadAsync();
        await _datagrams.SendAsync(Answers.Error(message.Id, ErrorCode.AnswerTooLarge, "does not fit", framed: false));
        await check;
        Assert.Equal(1, _stream.Checks);
        Assert.Equal(message.DeduplicationId(padded: true), _stream.Received.Last().DeduplicationId(padded: false));
        Assert.NotEmpty(message.DeduplicationId(padded: true));
    }

    [Fact(Timeout = Guard)]
    public async Task Silence_TakesTheStream_AndDatagramsRestForAWhile()
    {
        await using ServerFleet fleet = Fleet([_datagrams.Address.ToString()]);
        using CheckQuestion first = Question();
        Task<ServedVerdict> check = fleet.CheckAsync(first, Token).AsTask();
        for (int sending = 0; sending < 3; sending++)
        {
            // The very same datagram, in thirds of its half of the time.
            Task<FakeMessage> datagram = _datagrams.ReadAsync();
            await UntilAsync(() => datagram.IsCompleted, sending == 0 ? default : TimeSpan.FromMilliseconds(10));
        }

        await UntilAsync(() => check.IsCompleted, TimeSpan.FromMilliseconds(10));
        await check;
        Assert.Equal(1, _stream.Checks);
        Assert.Equal(ServerState.In, fleet.Counts.Servers[0].State);

        using CheckQuestion second = Question();
        await fleet.CheckAsync(second, Token);
        Assert.Equal(2, _stream.Checks);

        Clock.Advance(TimeSpan.FromSeconds(11));
        using CheckQuestion third = Question();
        ValueTask<ServedVerdict> again = fleet.CheckAsync(third, Token);
        FakeMessage message = await _datagrams.ReadAsync();
        await _datagrams.SendAsync(Answers.Verdict(message.Id, framed: false));
        await again;
        Assert.Equal(2, _stream.Checks);
    }

    public void Dispose()
    {
        _datagrams.Dispose();
        _stream.Dispose();
    }

    // A port that is free for datagrams may be taken for streams.
    private static (FakeDatagramServer Datagrams, RunningServer Stream) OfOnePort()
    {
        while (true)
        {
            var datagrams = new FakeDatagramServer();
            try
            {
                return (datagrams, new RunningServer(datagrams.Address.Port));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                datagrams.Dispose();
            }
        }
    }
}
