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
/// What stands behind the quotas of a verdict. An element that has another behind it stands there in any case, as its default if it says nothing.
/// </summary>
[Flags]
public enum VerdictExtras : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A directive.</summary>
    Directive = 1,

    /// <summary>The policy it is of.</summary>
    Policy = 2,

    /// <summary>What each quota depended on.</summary>
    QuotaReferences = 4,
}

/// <summary>
/// The parts of a verdict, to be written in the order of the members: <see cref="WriteStart"/>, as many <see cref="WriteReference"/> as said,
/// <see cref="WriteQuotaCount"/>, as many <see cref="WriteQuota"/>; and what was announced to stand behind. A directive is
/// <see cref="WriteDirective"/>, the operations on the request, <see cref="WriteOperationCount"/>, and the operations on the response, or
/// <see cref="WriteNoDirective"/> if only another element follows; then comes <see cref="WritePolicy"/>; then <see cref="WriteQuotaCount"/>, and for each
/// quota <see cref="WriteReferenceCount"/> and as many <see cref="WriteReference"/>. No allocation.
/// </summary>
public static class VerdictWriter
{
    /// <summary>How many elements must follow the id.</summary>
    public const int Elements = 6;

    /// <summary>How many elements follow the id up to the directive.</summary>
    public const int ElementsWithDirective = 7;

    /// <summary>How many elements follow the id up to the policy.</summary>
    public const int ElementsWithPolicy = 8;

    /// <summary>How many elements follow the id up to what each quota depended on: all that there are.</summary>
    public const int ElementsWithQuotaReferences = 9;

    /// <summary>Writes all before the references.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The check's id.</param>
    /// <param name="status">Whether the request may pass.</param>
    /// <param name="message">Why, UTF-8.</param>
    /// <param name="validDuration">How long the verdict may be reused; sent in whole milliseconds, rounded down.</param>
    /// <param name="validUseCount">How often; −1 without bound.</param>
    /// <param name="references">How many references will follow.</param>
    /// <param name="extras">What will follow the quotas.</param>
    public static void WriteStart(
        ref WireWriter writer,
        uint id,
        StatusCode status,
        scoped ReadOnlySpan<byte> message,
        TimeSpan validDuration,
        int validUseCount,
        int references,
        VerdictExtras extras = VerdictExtras.None)
    {
        MessageHeader.Write(ref writer, MessageKind.Verdict, id, CountElements(extras));
        writer.Write((int)status);
        writer.WriteString(message);
        writer.WriteMilliseconds(validDuration);
        writer.Write(validUseCount);
        WriteReferenceCount(ref writer, references);
    }

    /// <summary>Writes how many references follow.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="references">How many.</param>
    public static void WriteReferenceCount(ref WireWriter writer, int references) => writer.WriteArrayHeader(references);

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

    /// <summary>Writes a directive that says nothing, where another element follows.</summary>
    /// <param name="writer">Where to.</param>
    public static void WriteNoDirective(ref WireWriter writer)
    {
        WriteDirective(ref writer, httpStatus: 0, body: default, requestOperations: 0);
        WriteOperationCount(ref writer, 0);
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

    /// <summary>Writes which policy the verdict is of.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="policy">Its digest, or 0 for not told.</param>
    public static void WritePolicy(ref WireWriter writer, ulong policy) => writer.Write(policy);

    private static int CountElements(VerdictExtras extras) => extras switch
    {
        VerdictExtras.None => Elements,
        VerdictExtras.Directive => ElementsWithDirective,
        < VerdictExtras.QuotaReferences => ElementsWithPolicy,
        _ => ElementsWithQuotaReferences,
    };
}
