using System.Net;
using System.Net.Sockets;
using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Tests.Load;

/// <summary>Rounds over real sockets, against a server that answers every GET with the next of some replies.</summary>
public sealed class RoundTests
{
    private const uint NotFound = 5;

    [Fact]
    public void Run_ClosedLoop_CountsEachAnswerByItsKind()
    {
        var result = Run(["$1\r\nv\r\n", "$-1\r\n", "-ERR no\r\n"], new RoundSettings { Connections = 2, Depth = 4, Duration = Short, Warmup = TimeSpan.Zero, Rounds = 1 });

        Assert.True(result.Measurement.Statuses[0] > 0);
        Assert.True(result.Measurement.Statuses[(int)NotFound] > 0);
        Assert.True(result.Measurement.Errors > 0);
        Assert.True(result.Measurement.Refusals[0] > 0);
        Assert.Equal("'-ERR no'", result.Measurement.FirstError);
        Assert.Equal(result.Measurement.Verdicts, result.Measurement.Latency.TotalCount);
    }

    [Fact]
    public void Run_OpenLoop_AccountsForEachRequestThatWasDue()
    {
        var settings = new RoundSettings { Connections = 1, Rate = 500, Duration = Short, Warmup = TimeSpan.Zero, Rounds = 1 };
        var seen = Run(["$1\r\nv\r\n"], settings).Measurement;

        Assert.True(seen.Verdicts > 0);
        Assert.InRange(seen.Verdicts + seen.Unsent, 1, 500);
        Assert.Equal(0, seen.Errors + seen.Lost);
    }

    [Fact]
    public void Run_APatienceOfNothing_CountsAllAsLate()
    {
        var settings = new RoundSettings { Connections = 1, Duration = Short, Warmup = TimeSpan.Zero, Rounds = 1, Patience = TimeSpan.Zero };
        var seen = Run(["$1\r\nv\r\n"], settings).Measurement;

        Assert.True(seen.Verdicts > 0);
        Assert.Equal(seen.Verdicts, seen.Late);
    }

    [Fact]
    public void Run_AServerOfAnotherProtocol_SaysSo()
    {
        var settings = new RoundSettings { Connections = 1, Duration = TimeSpan.FromSeconds(30), Warmup = TimeSpan.Zero, Rounds = 1 };
        var failure = Assert.Throws<LoadTestException>(() => Run(["HTTP/1.1 400 Bad Request\r\n\r\n"], settings));

        Assert.Contains("HTTP/1.1 400", failure.Message, StringComparison.Ordinal);
    }

    private static TimeSpan Short => TimeSpan.FromMilliseconds(200);

    private static RoundResult Run(string[] replies, RoundSettings settings)
    {
        var gets = new RedisGet(9);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _ = ServeAsync(listener, gets.Length, [.. replies.Select(System.Text.Encoding.ASCII.GetBytes)]);
        var address = ServerAddress.Parse($"tcp://{listener.LocalEndPoint}");
        var target = new Target(address, RedisDialect.Instance, gets, KeySource.Repeated(100), Environment.ProcessId);
        return new Round(settings, new ProgressLine(), CancellationToken.None).Run(target, "test");
    }

    private static async Task ServeAsync(Socket listener, int requestBytes, byte[][] replies)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync(), requestBytes, replies);
            }
        }
        catch (SocketException)
        {
            // The test has ended.
        }
    }

    private static async Task AnswerAsync(Socket socket, int requestBytes, byte[][] replies)
    {
        using var owned = socket;
        var buffer = new byte[64 * 1024];
        var carried = 0;
        var answered = 0;
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            var requests = Math.DivRem(carried + count, requestBytes, out carried);
            for (; requests > 0; requests--)
            {
                await socket.SendAsync(replies[answered++ % replies.Length]);
            }
        }
    }
}
