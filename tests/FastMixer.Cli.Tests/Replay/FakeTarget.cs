using FastMixer.Cli.Replay;
using FastMixer.Cli.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Tests.Replay;

/// <summary>A connection that answers as the test says, and remembers how many records each report had.</summary>
internal sealed class FakeTarget : IReplayTarget
{
    private int _inFlight;

    public Func<string, Verdict> Verdict { get; init; } = _ => Allowed;

    public Func<int, Acknowledgement> Acknowledge { get; init; } = count => new Acknowledgement(count, 0, TimeSpan.Zero);

    public List<int> Reports { get; } = [];

    public int MostInFlight { get; private set; }

    public static Verdict Allowed { get; } = new(StatusCode.Ok, "", TimeSpan.FromSeconds(5), 10, [], []);

    public static Verdict Denied(string message) => Allowed with { Status = StatusCode.PermissionDenied, Message = message };

    public async ValueTask<Verdict> CheckAsync(AttributeWriter attributes, CancellationToken cancellationToken)
    {
        string path = Encoded.Read(attributes)["request.path"];
        int inFlight = Interlocked.Increment(ref _inFlight);
        lock (Reports)
        {
            MostInFlight = Math.Max(MostInFlight, inFlight);
        }

        await Task.Yield();
        Interlocked.Decrement(ref _inFlight);
        return Verdict(path);
    }

    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken)
    {
        Reports.Add(records.Length);
        return ValueTask.FromResult(Acknowledge(records.Length));
    }
}
