using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>
/// The records of a report, read one after the other into one bag, each upon the one before (protocol.md, section 3). A cursor: not to be copied.
/// </summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "A cursor is not compared.")]
public struct ReportReader
{
    private readonly MessageHeader _header;
    private readonly ProtocolLimits _limits;
    private readonly int _wordCount;
    private readonly bool _padded;

    private ReportReader(MessageHeader header, int count, ProtocolLimits limits, int wordCount, bool padded)
    {
        _header = header;
        _limits = limits;
        _wordCount = wordCount;
        _padded = padded;
        Count = count;
    }

    /// <summary>How many records the report has.</summary>
    public int Count { get; }

    /// <summary>How many were read.</summary>
    public int Read { get; private set; }

    /// <summary>Reads what stands before the records.</summary>
    /// <param name="reader">Behind the header, over the bag's own body.</param>
    /// <param name="header">The header.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="wordCount">How many words the client may use.</param>
    /// <param name="padded">Whether zero bytes may follow.</param>
    /// <param name="report">To read the records with.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryStart(
        ref WireReader reader, MessageHeader header, ProtocolLimits limits, int wordCount, bool padded, out ReportReader report)
    {
        report = default;
        if (!header.Require(ref reader, 1, "a report is [5, id, records]") || !reader.TryReadArrayHeader(out int count))
        {
            return false;
        }

        if (count > limits.MaxRecords)
        {
            return reader.Fail(ErrorCode.LimitExceeded, $"a report may hold {limits.MaxRecords} records (limit 7)");
        }

        report = new ReportReader(header, count, limits, wordCount, padded);
        return true;
    }

    /// <summary>Applies the next record to the bag, which then holds all attributes of that record.</summary>
    /// <param name="reader">As the last call left it.</param>
    /// <param name="bag">The bag that holds the message and the records so far.</param>
    /// <returns>False at the end, or with the reader's fault set.</returns>
    public bool TryReadNext(ref WireReader reader, AttributeBag bag)
    {
        if (Read == Count)
        {
            return false;
        }

        Read++;
        return AttributeDecoder.TryDecode(
                ref reader, bag, _limits, _wordCount, allowNil: true, AttributeDecoder.ReportValueDepth)
            && (Read < Count || _header.TryReadEnd(ref reader, 1, _padded));
    }

    /// <summary>Checks all records, and leaves the bag holding the last.</summary>
    /// <param name="reader">As <see cref="TryStart"/> left it.</param>
    /// <param name="bag">The bag that holds the message.</param>
    /// <returns>False with the reader's fault set.</returns>
    public bool TryReadAll(ref WireReader reader, AttributeBag bag)
    {
        while (TryReadNext(ref reader, bag))
        {
        }

        return reader.Fault.Code == ErrorCode.None && (Count > 0 || _header.TryReadEnd(ref reader, 1, _padded));
    }
}

/// <summary>Writes reports.</summary>
public static class ReportWriter
{
    /// <summary>Writes a report whose records are encoded already.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="records">The array of records, header included.</param>
    public static void Write(ref WireWriter writer, uint id, scoped ReadOnlySpan<byte> records)
    {
        MessageHeader.Write(ref writer, MessageKind.Report, id, elements: 1);
        writer.WriteRaw(records);
    }

    /// <summary>Writes a report, each record after the first as what changed.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="records">Each holding all attributes beyond the base.</param>
    /// <param name="inherited">The base attributes as the hello said them, if any.</param>
    public static void Write(ref WireWriter writer, uint id, scoped ReadOnlySpan<AttributeWriter> records, AttributeWriter? inherited = null)
    {
        MessageHeader.Write(ref writer, MessageKind.Report, id, elements: 1);
        writer.WriteArrayHeader(records.Length);
        for (int i = 0; i < records.Length; i++)
        {
            if (i == 0)
            {
                records[i].WriteTo(ref writer);
            }
            else
            {
                records[i].WriteDeltaTo(ref writer, records[i - 1], inherited);
            }
        }
    }
}
