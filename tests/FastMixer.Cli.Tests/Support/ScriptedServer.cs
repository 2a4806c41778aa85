using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Cli.Tests.Support;

/// <summary>
/// A server on a real socket that denies paths below /admin, and refuses as many records of each report as the test says.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _records;

    public ScriptedServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int RefusedRecords { get; init; }

    public int Records => Volatile.Read(ref _records);

    /// <summary>The address of a port that nobody listens at.</summary>
    public static string Unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using TcpClient owned = connection;
        NetworkStream stream = connection.GetStream();
        byte[] prefix = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(prefix, _stop.Token);
                byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                await stream.ReadExactlyAsync(body, _stop.Token);
                await stream.WriteAsync(Answer(body), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has gone, or the test is over.
        }
    }

    private ReadOnlyMemory<byte> Answer(byte[] body)
    {
        byte[] answer = new byte[4096];
        var writer = new WireWriter(answer, framed: true);
        var reader = new WireReader(body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        switch (header.Kind)
        {
            case MessageKind.Hello:
                new Welcome(1, "scripted/1", "i", WordList.Version1Count, ProtocolLimits.Default).Write(ref writer, header.Id);
                break;
            case MessageKind.Check:
                bool denied = Encoded.ReadCheck(body).GetValueOrDefault("request.path", "").StartsWith("/admin", StringComparison.Ordinal);
                StatusCode status = denied ? StatusCode.PermissionDenied : StatusCode.Ok;
                byte[] message = Encoding.UTF8.GetBytes(denied ? "denyadmin.istio-system:not here" : "");
                VerdictWriter.WriteStart(ref writer, header.Id, status, message, TimeSpan.FromSeconds(5), 1000, 1);
                VerdictWriter.WriteReference(ref writer, ReferenceFlags.Exact, "request.path"u8, default, WordList.Version1Count);
                VerdictWriter.WriteQuotaCount(ref writer, 0);
                break;
            default:
                int count = CountRecords(body);
                int refused = Math.Min(RefusedRecords, count);
                Interlocked.Add(ref _records, count - refused);
                new Acknowledgement(count - refused, refused, TimeSpan.FromMilliseconds(1)).Write(ref writer, header.Id);
                break;
        }

        Assert.True(writer.TryComplete(out int written));
        return answer.AsMemory(0, written);
    }

    private static int CountRecords(byte[] body)
    {
        var selection = AttributeSelection.All(Vocabulary.Standard);
        using var bag = new AttributeBag(selection);
        WireReader reader = bag.Load(body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(ReportReader.TryStart(
            ref reader, header, ProtocolLimits.Default, WordList.Version1Count, false, out ReportReader report));
        Assert.True(report.TryReadAll(ref reader, bag), reader.Fault.ToString());
        return report.Count;
    }
}
