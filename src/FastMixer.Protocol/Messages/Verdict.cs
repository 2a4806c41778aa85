using System.Text;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using MessagePack;

namespace FastMixer.Protocol.Messages;

/// <summary>An attribute, or a key of a string map, that a verdict depended on.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Key">The key, or null for the whole attribute.</param>
/// <param name="Present">True: the value counts (<i>exact</i>); false: it was looked for and absent (<i>absence</i>).</param>
public sealed record ReferencedAttribute(string Name, string? Key, bool Present);

/// <summary>The answer to a check, as a client reads it. Immutable.</summary>
/// <param name="Status">Whether the request may pass.</param>
/// <param name="Message">Why not; empty when it may.</param>
/// <param name="ValidDuration">How long the verdict may be reused.</param>
/// <param name="ValidUseCount">How often it may be reused; −1 without bound.</param>
/// <param name="Referenced">The attributes it depended on.</param>
/// <param name="Quotas">What was granted, in the order of the check.</param>
public sealed record Verdict(
    StatusCode Status,
    string Message,
    TimeSpan ValidDuration,
    int ValidUseCount,
    IReadOnlyList<ReferencedAttribute> Referenced,
    IReadOnlyList<QuotaGrant> Quotas)
{
    // An array's header, flags, and a word; an array's header, an empty name, and two numbers.
    private const int LeastReferenceBytes = 3;
    private const int LeastQuotaBytes = 4;

    private const string Shape =
        "a verdict is [4, id, status, message, valid ms, valid uses, referenced attributes, quotas, directive, policy, quota references]";

    private const string ReferenceShape = "a referenced attribute is [flags, name] or [flags, name, key]";
    private const string QuotaShape = "a quota is [name, granted, valid ms]";

    /// <summary>Whether the request may pass.</summary>
    public bool IsAllowed => Status == StatusCode.Ok;

    /// <summary>What a proxy does beyond letting the request pass or not; <see cref="RouteDirective.None"/> where there is nothing to say.</summary>
    public RouteDirective Directive { get; init; } = RouteDirective.None;

    /// <summary>The digest of the policy it is of; 0 if that is not known.</summary>
    public ulong Policy { get; init; }

    /// <summary>Reads the elements behind the header. Allocates the verdict.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="wordCount">How many words this side said it knows.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="policy">The policy it is of if it does not tell, as on streams; 0 if that is not known.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, int wordCount, out Verdict? verdict, ulong policy = 0)
    {
        verdict = null;
        RouteDirective directive = RouteDirective.None;
        ulong told = 0;
        if (!header.Require(ref reader, VerdictWriter.Elements, Shape)
            || !reader.TryReadUInt32(out uint status)
            || !reader.TryReadString(int.MaxValue, out ReadOnlySpan<byte> message)
            || !reader.TryReadUInt32(out uint milliseconds)
            || !reader.TryReadInt64(out long uses)
            || !TryReadReferences(ref reader, wordCount, out ReferencedAttribute[]? referenced)
            || !TryReadQuotas(ref reader, out QuotaGrant[]? quotas)
            || (header.Elements >= VerdictWriter.ElementsWithDirective && !DirectiveReader.TryRead(ref reader, status, out directive))
            || (header.Elements >= VerdictWriter.ElementsWithPolicy && !reader.TryReadUInt64(out told))
            || (header.Elements >= VerdictWriter.ElementsWithQuotaReferences && !TryReadQuotaReferences(ref reader, wordCount, quotas!))
            || !header.TryReadEnd(ref reader, VerdictWriter.ElementsWithQuotaReferences, padded: true))
        {
            return false;
        }

        verdict = new Verdict(
            (StatusCode)Math.Min(status, byte.MaxValue),
            Encoding.UTF8.GetString(message),
            TimeSpan.FromMilliseconds(milliseconds),
            (int)Math.Clamp(uses, -1, int.MaxValue),
            referenced!,
            quotas!)
        {
            Directive = directive,
            Policy = told == 0 ? policy : told,
        };
        return true;
    }

    private static bool TryReadReferences(ref WireReader reader, int wordCount, out ReferencedAttribute[]? referenced)
    {
        referenced = null;
        if (!reader.TryReadArrayHeader(LeastReferenceBytes, out int count))
        {
            return false;
        }

        referenced = new ReferencedAttribute[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadArrayHeader(out int elements) || !reader.TryReadUInt32(out uint flags))
            {
                return false;
            }

            bool hasKey = (flags & (uint)ReferenceFlags.HasKey) != 0;
            string? key = null;
            if ((elements != (hasKey ? 3 : 2) && !reader.Fail(ErrorCode.Malformed, ReferenceShape))
                || !TryReadWordOrString(ref reader, wordCount, out string? name)
                || (hasKey && !TryReadWordOrString(ref reader, wordCount, out key)))
            {
                return false;
            }

            referenced[i] = new ReferencedAttribute(name!, key, (flags & (uint)ReferenceFlags.Exact) != 0);
        }

        return true;
    }

    private static bool TryReadWordOrString(ref WireReader reader, int wordCount, out string? text)
    {
        text = null;
        if (reader.NextType == MessagePackType.Integer)
        {
            if (!reader.TryReadIndex(out long word))
            {
                return false;
            }

            if (!WordList.Standard.Contains(word, wordCount))
            {
                return reader.Fail(ErrorCode.UnknownWord, $"a word is 1 to {wordCount} here");
            }

            text = Encoding.UTF8.GetString(WordList.Standard[(int)word]);
            return true;
        }

        if (!reader.TryReadString(int.MaxValue, out ReadOnlySpan<byte> utf8))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    private static bool TryReadQuotas(ref WireReader reader, out QuotaGrant[]? quotas)
    {
        quotas = null;
        if (!reader.TryReadArrayHeader(LeastQuotaBytes, out int count))
        {
            return false;
        }

        quotas = new QuotaGrant[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadArrayHeader(out int elements)
                || (elements != 3 && !reader.Fail(ErrorCode.Malformed, QuotaShape))
                || !reader.TryReadString(int.MaxValue, out ReadOnlySpan<byte> name)
                || !reader.TryReadInt64(out long granted)
                || !reader.TryReadUInt32(out uint milliseconds))
            {
                return false;
            }

            quotas[i] = new QuotaGrant(Encoding.UTF8.GetString(name), granted, TimeSpan.FromMilliseconds(milliseconds));
        }

        return true;
    }

    private static bool TryReadQuotaReferences(ref WireReader reader, int wordCount, QuotaGrant[] quotas)
    {
        if (!reader.TryReadArrayHeader(out int count))
        {
            return false;
        }

        if (count != 0 && count != quotas.Length)
        {
            return reader.Fail(ErrorCode.Malformed, "what quotas depended on is told for each of them, or for none");
        }

        for (int i = 0; i < count; i++)
        {
            if (!TryReadReferences(ref reader, wordCount, out ReferencedAttribute[]? referenced))
            {
                return false;
            }

            quotas[i] = quotas[i] with { Referenced = referenced };
        }

        return true;
    }
}
