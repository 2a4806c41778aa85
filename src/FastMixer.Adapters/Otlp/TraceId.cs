using System.Buffers;
using System.IO.Hashing;

namespace FastMixer.Adapters.Otlp;

/// <summary>Ids of traces and spans: from the text that sidecars send, as B3 has it, to the bytes that OTLP has.</summary>
internal static class TraceId
{
    /// <summary>The bytes of a trace's id.</summary>
    public const int TraceBytes = 16;

    /// <summary>The bytes of a span's id.</summary>
    public const int SpanBytes = 8;

    /// <summary>Reads an id.</summary>
    /// <param name="text">Digits of base 16, two for each byte. A trace's may have half of them: then the first half is 0.</param>
    /// <param name="id">Takes it.</param>
    /// <returns>False if it is none; nor is one that is all 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> id)
    {
        id.Clear();
        Span<byte> digits = text.Length == 2 * SpanBytes ? id[^SpanBytes..] : id;
        return text.Length == 2 * digits.Length
            && Convert.FromHexString(text, digits, out _, out _) == OperationStatus.Done
            && id.ContainsAnyExcept((byte)0);
    }

    /// <summary>
    /// Makes another span's id out of one, always the same: where both ends of a call report a span with one id, as Zipkin wants it, the client's
    /// becomes a span of its own and the server's its child.
    /// </summary>
    public static void Derive(Span<byte> id)
    {
        ulong hash = XxHash3.HashToUInt64(id);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(id, hash == 0 ? 1 : hash);
    }
}
