using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>How a referenced attribute stands in a verdict.</summary>
[Flags]
public enum ReferenceFlags : byte
{
    /// <summary>The whole attribute was looked for, and absent.</summary>
    None = 0,

    /// <summary>It was present: its value counts. Else it was absent.</summary>
    Exact = 1,

    /// <summary>It is about one key of a string map.</summary>
    HasKey = 2,
}

/// <summary>
/// The parts of a verdict, to be written in the order of the members: <see cref="WriteStart"/>, as many <see cref="WriteReference"/> as said,
/// <see cref="WriteQuotaCount"/>, as many <see cref="WriteQuota"/>; and if a directive was announced, <see cref="WriteDirective"/>, the operations on
/// the request, <see cref="WriteOperationCount"/>, and the operations on the response. No allocation.
/// </summary>
public static class VerdictWriter
{
    /// <summary>How many elements follow the id where there is no directive.</summary>
    public const int Elements = 6;

    /// <summary>How many elements follow the id where there is a directive.</summary>
    public const int ElementsWithDirective = 7;

    /// <summary>Writes all before the references.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The check's id.</param>
    /// <param name="status">Whether the request may pass.</param>
    /// <param name="message">Why, UTF-8.</param>
    /// <param name="validDuration">How long the verdict may be reused; sent in whole milliseconds, rounded down.</param>
    /// <param name="validUseCount">How often; −1 without bound.</param>
    /// <param name="references">How many references will follow.</param>
    /// <param name="hasDirective">Whether a directive will follow the quotas.</param>
    public static void WriteStart(
        ref WireWriter writer,
        uint id,
        StatusCode status,
        scoped ReadOnlySpan<byte> message,
        TimeSpan validDuration,
        int validUseCount,
        int references,
        bool hasDirective = false)
    {
        MessageHeader.Write(ref writer, MessageKind.Verdict, id, hasDirective ? ElementsWithDirective : Elements);
        writer.Write((int)status);
        writer.WriteString(message);
        writer.WriteMilliseconds(validDuration);
        writer.Write(validUseCount);
        writer.WriteArrayHeader(references);
    }

    /// <summary>Writes one reference.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="flags">Absent or exact, and whether it is about a key.</param>
    /// <param name="name">The attribute's name, UTF-8.</param>
    /// <param name="key">The key, UTF-8; ignored without <see cref="ReferenceFlags.HasKey"/>.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    public static void WriteReference(
        ref WireWriter writer, ReferenceFlags flags, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> key, int wordCount)
    {
        bool hasKey = (flags & ReferenceFlags.HasKey) != 0;
        writer.WriteArrayHeader(hasKey ? 3 : 2);
        writer.Write((int)flags);
        writer.WriteWordOrString(name, wordCount);
        if (hasKey)
        {
            writer.WriteWordOrString(key, wordCount);
        }
    }

    /// <summary>Writes how many quotas follow.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="quotas">How many.</param>
    public static void WriteQuotaCount(ref WireWriter writer, int quotas) => writer.WriteArrayHeader(quotas);

    /// <summary>Writes what was granted of one quota.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">Its name as the check gave it, UTF-8.</param>
    /// <param name="granted">How much.</param>
    /// <param name="validDuration">For how long.</param>
    public static void WriteQuota(ref WireWriter writer, scoped ReadOnlySpan<byte> name, long granted, TimeSpan validDuration)
    {
        writer.WriteArrayHeader(3);
        writer.WriteString(name);
        writer.Write(granted);
        writer.WriteMilliseconds(validDuration);
    }

    /// <summary>Writes the start of a directive, up to the operations on the request.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="httpStatus">The HTTP status of a direct response, or 0 for none.</param>
    /// <param name="body">The content of a direct response, UTF-8, of at most <see cref="DirectResponse.MaxBodyBytes"/>; else empty.</param>
    /// <param name="requestOperations">How many operations on the request will follow.</param>
    public static void WriteDirective(ref WireWriter writer, int httpStatus, scoped ReadOnlySpan<byte> body, int requestOperations)
    {
        writer.WriteArrayHeader(4);
        writer.Write(httpStatus);
        writer.WriteString(body);
        writer.WriteArrayHeader(requestOperations);
    }

    /// <summary>Writes how many operations on the response follow.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="responseOperations">How many.</param>
    public static void WriteOperationCount(ref WireWriter writer, int responseOperations) => writer.WriteArrayHeader(responseOperations);

    /// <summary>Writes one operation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kind">What is done.</param>
    /// <param name="name">The header, as <see cref="HeaderSyntax"/> allows.</param>
    /// <param name="value">The value, as <see cref="HeaderSyntax"/> allows; ignored where the header is removed.</param>
    public static void WriteOperation(
        ref WireWriter writer, HeaderOperationKind kind, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        bool hasValue = kind != HeaderOperationKind.Remove;
        writer.WriteArrayHeader(hasValue ? 3 : 2);
        writer.Write((int)kind);
        writer.WriteString(name);
        if (hasValue)
        {
            writer.WriteString(value);
        }
    }
}
