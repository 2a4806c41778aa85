using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>
/// A check as a server reads it: the attributes in a bag, quotas as slices of its body. Reused; belongs to one thread at a time.
/// </summary>
public sealed class CheckRequest : IDisposable
{
    private const int MaxDeduplicationIdBytes = 64;
    private const string Shape = "a check is [3, id, attributes, quotas, deduplication id, patience ms]";
    private const string QuotaShape = "a quota is [name, amount, best effort]";

    private Quota[] _quotas = new Quota[4];
    private (int Offset, int Length) _deduplicationId;

    /// <summary>An empty request.</summary>
    /// <param name="selection">What its bag keeps.</param>
    public CheckRequest(AttributeSelection selection) => Attributes = new AttributeBag(selection);

    /// <summary>The attributes.</summary>
    public AttributeBag Attributes { get; }

    /// <summary>How many quotas are asked for.</summary>
    public int QuotaCount { get; private set; }

    /// <summary>The deduplication id, empty if there is none.</summary>
    public ReadOnlySpan<byte> DeduplicationId => Attributes.Body.Slice(_deduplicationId.Offset, _deduplicationId.Length);

    /// <summary>The deduplication id as memory, valid as long as the bag's content.</summary>
    public ReadOnlyMemory<byte> DeduplicationIdMemory => Attributes.BodyMemory.Slice(_deduplicationId.Offset, _deduplicationId.Length);

    /// <summary>How long the sender still waits for the answer, in whole milliseconds; zero if it does not say.</summary>
    public TimeSpan Patience { get; private set; }

    /// <summary>One quota asked for.</summary>
    /// <param name="index">0 … <see cref="QuotaCount"/> − 1.</param>
    /// <param name="name">Its name, UTF-8; valid as long as the bag's content.</param>
    /// <param name="amount">How much; below 0 gives back.</param>
    /// <param name="bestEffort">Whether less may be granted.</param>
    public void GetQuota(int index, out ReadOnlySpan<byte> name, out long amount, out bool bestEffort)
    {
        ref readonly Quota quota = ref _quotas.AsSpan(0, QuotaCount)[index];
        name = Attributes.Body.Slice(quota.NameOffset, quota.NameLength);
        amount = quota.Amount;
        bestEffort = quota.BestEffort;
    }

    /// <summary>Reads the elements behind the header.</summary>
    /// <param name="reader">Behind the header, over the bag's own body.</param>
    /// <param name="header">The header.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="wordCount">How many words the client may use.</param>
    /// <param name="padded">Whether zero bytes may follow.</param>
    /// <returns>False with the reader's fault set.</returns>
    public bool TryRead(ref WireReader reader, MessageHeader header, ProtocolLimits limits, int wordCount, bool padded)
    {
        QuotaCount = 0;
        _deduplicationId = default;
        Patience = TimeSpan.Zero;
        return header.Require(ref reader, 1, Shape)
            && AttributeDecoder.TryDecode(ref reader, Attributes, limits, wordCount, allowNil: true)
            && (header.Elements < 2 || TryReadQuotas(ref reader, limits))
            && (header.Elements < 3 || TryReadDeduplicationId(ref reader))
            && (header.Elements < 4 || TryReadPatience(ref reader))
            && header.TryReadEnd(ref reader, Math.Min(header.Elements, 4), padded);
    }

    /// <summary>
    /// Reads how long the sender waits without looking at anything before it, for a check that may be too late to be worth more.
    /// </summary>
    /// <param name="reader">Behind the header; it must not be used afterwards.</param>
    /// <param name="header">The header.</param>
    /// <returns>Zero if the check does not say, or not in a way that can be read.</returns>
    public static TimeSpan PeekPatience(scoped ref WireReader reader, MessageHeader header) =>
        header.Elements >= 4
        && reader.TrySkip(depth: 1)
        && reader.TrySkip(depth: 1)
        && reader.TrySkip(depth: 1)
        && reader.TryReadUInt32(out uint milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : TimeSpan.Zero;

    /// <summary>Takes the attributes of another request, to be answered again: without its quotas, which are for one request only. Allocates only to grow.</summary>
    /// <param name="other">The other request; belongs to the calling thread meanwhile.</param>
    public void CopyAttributes(CheckRequest other)
    {
        QuotaCount = 0;
        _deduplicationId = default;
        Attributes.CopyFrom(other.Attributes);
    }

    /// <summary>Writes a check.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="attributes">The attributes.</param>
    /// <param name="quotas">The quotas to take; names of at most 256 bytes.</param>
    /// <param name="deduplicationId">The same for each sending of one logical check; empty for none.</param>
    /// <param name="patience">How long the answer is waited for, told in whole milliseconds, rounded up; zero to leave it out.</param>
    public static void Write(
        ref WireWriter writer,
        uint id,
        AttributeWriter attributes,
        IReadOnlyList<QuotaRequest> quotas,
        scoped ReadOnlySpan<byte> deduplicationId,
        TimeSpan patience = default)
    {
        int elements = CountElements(quotas, deduplicationId, patience);
        MessageHeader.Write(ref writer, MessageKind.Check, id, elements);
        attributes.WriteTo(ref writer);
        WriteRest(ref writer, elements, quotas, deduplicationId, patience);
    }

    /// <summary>Writes a check whose attributes are encoded already.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="attributes">The map of the attributes beyond the base, header included.</param>
    /// <param name="quotas">The quotas to take.</param>
    /// <param name="deduplicationId">UTF-8, at most 64 bytes; empty for none.</param>
    /// <param name="patience">How long the sender waits for the answer; zero says nothing.</param>
    public static void Write(
        ref WireWriter writer,
        uint id,
        scoped ReadOnlySpan<byte> attributes,
        IReadOnlyList<QuotaRequest> quotas,
        scoped ReadOnlySpan<byte> deduplicationId,
        TimeSpan patience)
    {
        int elements = CountElements(quotas, deduplicationId, patience);
        MessageHeader.Write(ref writer, MessageKind.Check, id, elements);
        writer.WriteRaw(attributes);
        WriteRest(ref writer, elements, quotas, deduplicationId, patience);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => Attributes.Dispose();

    private static int CountElements(IReadOnlyList<QuotaRequest> quotas, scoped ReadOnlySpan<byte> deduplicationId, TimeSpan patience) =>
        patience > TimeSpan.Zero ? 4 : deduplicationId.Length > 0 ? 3 : quotas.Count > 0 ? 2 : 1;

    private static void WriteRest(
        ref WireWriter writer,
        int elements,
        IReadOnlyList<QuotaRequest> quotas,
        scoped ReadOnlySpan<byte> deduplicationId,
        TimeSpan patience)
    {
        if (elements > 1)
        {
            writer.WriteArrayHeader(quotas.Count);
            for (int i = 0; i < quotas.Count; i++)
            {
                writer.WriteArrayHeader(3);
                writer.WriteString(Encoding.UTF8.GetBytes(quotas[i].Name));
                writer.Write(quotas[i].Amount);
                writer.Write(quotas[i].BestEffort);
            }
        }

        if (elements > 2)
        {
            writer.WriteString(deduplicationId);
        }

        if (elements > 3)
        {
            writer.WriteMilliseconds(TimeSpan.FromMilliseconds(Math.Ceiling(patience.TotalMilliseconds)));
        }
    }

    private bool TryReadQuotas(ref WireReader reader, ProtocolLimits limits)
    {
        if (!reader.TryReadArrayHeader(out int count))
        {
            return false;
        }

        if (count > limits.MaxQuotas)
        {
            return reader.Fail(ErrorCode.LimitExceeded, $"a check may ask for {limits.MaxQuotas} quotas (limit 9)");
        }

        if (count > _quotas.Length)
        {
            _quotas = new Quota[limits.MaxQuotas];
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryReadQuota(ref reader, limits, ref _quotas[i]))
            {
                return false;
            }
        }

        QuotaCount = count;
        return true;
    }

    private static bool TryReadQuota(ref WireReader reader, ProtocolLimits limits, ref Quota quota)
    {
        if (!reader.TryReadArrayHeader(out int elements)
            || (elements != 3 && !reader.Fail(ErrorCode.Malformed, QuotaShape))
            || !reader.TryReadString(limits.MaxNameBytes, out ReadOnlySpan<byte> name))
        {
            return false;
        }

        quota.NameLength = name.Length;
        quota.NameOffset = reader.Position - name.Length;
        return reader.TryReadInt64(out quota.Amount) && reader.TryReadBool(out quota.BestEffort);
    }

    private bool TryReadDeduplicationId(ref WireReader reader)
    {
        if (!reader.TryReadString(MaxDeduplicationIdBytes, out ReadOnlySpan<byte> id))
        {
            return false;
        }

        _deduplicationId = (reader.Position - id.Length, id.Length);
        return true;
    }

    private bool TryReadPatience(ref WireReader reader)
    {
        bool read = reader.TryReadUInt32(out uint milliseconds);
        Patience = TimeSpan.FromMilliseconds(milliseconds);
        return read;
    }

    private struct Quota
    {
        public int NameOffset;
        public int NameLength;
        public long Amount;
        public bool BestEffort;
    }
}
