using System.Globalization;
using System.Text;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Client.Tests.Reports;

/// <summary>Takes reports as servers do: decodes them upon the base that the hello has said, and answers as a test wants.</summary>
internal sealed class ReportingFleet(AttributeSpace space) : IFleet
{
    private readonly Lock _lock = new();
    private readonly List<string> _taken = [];
    private readonly List<int> _batches = [];

    /// <summary>What to answer to a batch of so many records; how many of them are taken, or an exception.</summary>
    public Func<int, CancellationToken, Task<Acknowledgement>> Answer { get; set; } =
        static (count, _) => Task.FromResult(new Acknowledgement(count, 0, TimeSpan.Zero));

    public PolicyLedger Policies { get; } = new();

    /// <summary>The records taken, as <see cref="Describe"/> has them.</summary>
    public string[] Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>How many records each batch had, also those that were refused.</summary>
    public int[] Batches
    {
        get
        {
            lock (_lock)
            {
                return [.. _batches];
            }
        }
    }

    /// <summary>All that a record says, its base included.</summary>
    public static string Describe(AttributeBag bag)
    {
        var text = new StringBuilder();
        Vocabulary vocabulary = bag.Selection.Vocabulary;
        for (int slot = 0; slot < vocabulary.Count; slot++)
        {
            if (bag.Contains(slot))
            {
                text.Append(CultureInfo.InvariantCulture, $"{vocabulary[slot].Name}={Value(bag, slot)};");
            }
        }

        return text.ToString();
    }

    public async ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken)
    {
        string[] decoded = Decode(records.Span);
        lock (_lock)
        {
            _batches.Add(decoded.Length);
        }

        Acknowledgement answer = await Answer(decoded.Length, cancellationToken);
        lock (_lock)
        {
            _taken.AddRange(decoded.Take(answer.Accepted));
        }

        return answer;
    }

    public ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Reports ask for no verdict.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string[] Decode(ReadOnlySpan<byte> records)
    {
        var header = new byte[16];
        var writer = new WireWriter(header, framed: false);
        MessageHeader.Write(ref writer, MessageKind.Report, 1, elements: 1);
        Assert.True(writer.TryComplete(out int length));
        using var bag = new AttributeBag(space.All);
        bag.Reset(space.All, space.Base);
        WireReader reader = bag.Load([.. header.AsSpan(0, length), .. records]);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader read));
        Assert.True(ReportReader.TryStart(ref reader, read, ProtocolLimits.Default, WordList.Version1Count, padded: false, out ReportReader report));
        var decoded = new List<string>();
        while (report.TryReadNext(ref reader, bag))
        {
            decoded.Add(Describe(bag));
        }

        Assert.Equal(ErrorCode.None, reader.Fault.Code);
        Assert.Equal(report.Count, decoded.Count);
        return [.. decoded];
    }

    private static string Value(AttributeBag bag, int slot)
    {
        AttributeType type = bag.Selection.Vocabulary[slot].Type;
        if (type.IsNumber())
        {
            bag.TryGetInt64(slot, out long number);
            return number.ToString(CultureInfo.InvariantCulture);
        }

        if (type != AttributeType.StringMap)
        {
            bag.TryGetBytes(slot, out ReadOnlySpan<byte> bytes);
            return Convert.ToHexString(bytes);
        }

        var entries = new List<string>();
        for (int i = 0; i < bag.MapCount(slot); i++)
        {
            bag.GetMapEntry(slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            entries.Add($"{Convert.ToHexString(key)}:{Convert.ToHexString(value)}");
        }

        return string.Join(',', entries);
    }
}
