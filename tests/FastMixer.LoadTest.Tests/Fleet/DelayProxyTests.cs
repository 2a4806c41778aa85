using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class DelayProxyTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Answers_AreHandedOnWhole_AndNoEarlierThanTold()
    {
        var token = TestContext.Current.CancellationToken;
        _listener.Start();
        using var proxy = new DelayProxy(((IPEndPoint)_listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(proxy.Address).Port, token);
        using var server = await _listener.AcceptTcpClientAsync(token);
        Assert.Equal("ask", await HandOnAsync(client, server, "ask", token));
        Assert.Equal("quick", await HandOnAsync(server, client, "quick", token));

        proxy.Delay = TimeSpan.FromMilliseconds(50);
        var begin = Stopwatch.GetTimestamp();
        Assert.Equal("late", await HandOnAsync(server, client, "late", token));
        Assert.True(Stopwatch.GetElapsedTime(begin) >= proxy.Delay);
    }

    [Fact]
    public async Task AServerThatGoes_TakesItsClientWithIt()
    {
        var token = TestContext.Current.CancellationToken;
        _listener.Start();
        using var proxy = new DelayProxy(((IPEndPoint)_listener.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(proxy.Address).Port, token);
        (await _listener.AcceptTcpClientAsync(token)).Dispose();

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], token));
    }

    public void Dispose() => _listener.Dispose();

    private static async Task<string> HandOnAsync(TcpClient from, TcpClient to, string text, CancellationToken token)
    {
        await from.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), token);
        var bytes = new byte[text.Length];
        await to.GetStream().ReadExactlyAsync(bytes, token);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
