using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests;

/// <summary>Answers, timeouts, cancellations and lost connections meet at once: whatever a call's end is, it is its own.</summary>
public sealed class MixedFateTests : ClientTest
{
    [Theory(Timeout = Guard)]
    [InlineData(true)]
    [InlineData(false)]
    [SuppressMessage("Reliability", "CA2025", Justification = "All tasks are awaited before the end.")]
    public async Task ManyCallers_ServerDropsDelaysAndResets_NobodyGetsAnothersAnswer(bool hop)
    {
        using FakeServer server = FakeServer.Tcp();
        var options = new MixerConnectionOptions
        {
            Server = server.Address,
            Timeout = TimeSpan.FromMilliseconds(20),
            MaxInFlight = 8,
            RunContinuationsAsynchronously = hop,
            ReconnectDelay = TimeSpan.FromMilliseconds(1),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(2),
        };
        await using var client = new MixerConnection(options);
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync(server, stop.Token);
        int answered = 0;
        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            using AttributeWriter attributes = new();
            for (int i = 0; i < 400; i++)
            {
                using var source = new CancellationTokenSource();
                attributes.Clear();
                attributes.Set("request.path", $"/{caller}/{i}");
                ValueTask<Verdict> call = client.CheckAsync(attributes, source.Token);
                if (i % 5 == 0)
                {
                    await source.CancelAsync();
                }

                try
                {
                    Verdict verdict = await call;
                    Assert.Equal($"/{caller}/{i}", verdict.Message);
                    Interlocked.Increment(ref answered);
                }
                catch (MixerException)
                {
                    // Dropped, too many at once, or lost with its connection.
                }
                catch (OperationCanceledException exception)
                {
                    Assert.Equal(source.Token, exception.CancellationToken);
                }
            }
        }))];
        await Task.WhenAll(callers);
        await stop.CancelAsync();
        await serving;
        Assert.NotEqual(0, answered);
        Assert.Equal(0, client.Statistics.MalformedAnswers);
    }

    // Answers pairs of checks in reverse, drops each 50th, and resets the connection at each 300th.
    private static async Task ServeAsync(FakeServer server, CancellationToken stop)
    {
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            FakeConnection connection;
            try
            {
                connection = await server.AcceptAsync(stop);
                FakeMessage? held = null;
                await connection.SendAsync(Answers.Welcome((await connection.ReadAsync(stop)).Id));
                while (++count % 300 != 0)
                {
                    FakeMessage check = await connection.ReadAsync(stop);
                    if (count % 50 == 0)
                    {
                        continue;
                    }

                    if (count % 7 == 0 && held is null)
                    {
                        held = check;
                        continue;
                    }

                    await connection.SendAsync(Echo(check), held is null ? [] : Echo(held));
                    held = null;
                }

                connection.Reset();
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or System.Net.Sockets.SocketException)
            {
                // The client, or the test, was first to go.
            }
        }
    }

    private static byte[] Echo(FakeMessage check) =>
        Answers.Verdict(check.Id, StatusCode.Ok, check.Attribute("request.path")!);
}
