using System.Text;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>Verdicts through <see cref="VerdictWriter"/>.</summary>
internal static class Verdicts
{
    public static byte[] Encode(uint id, Verdict verdict, int wordCount = 266) => Bytes.Of((ref WireWriter writer) =>
    {
        VerdictWriter.WriteStart(
            ref writer,
            id,
            verdict.Status,
            Encoding.UTF8.GetBytes(verdict.Message),
            verdict.ValidDuration,
            verdict.ValidUseCount,
            verdict.Referenced.Count,
            hasDirective: !verdict.Directive.IsEmpty);
        WriteRest(ref writer, verdict.Referenced, verdict.Quotas, wordCount);
        if (!verdict.Directive.IsEmpty)
        {
            WriteDirective(ref writer, verdict.Directive);
        }
    });

    public static void WriteDirective(ref WireWriter writer, RouteDirective directive)
    {
        VerdictWriter.WriteDirective(
            ref writer,
            directive.Response?.HttpStatus ?? 0,
            Encoding.UTF8.GetBytes(directive.Response?.Body ?? ""),
            directive.RequestHeaders.Count);
        WriteOperations(ref writer, directive.RequestHeaders);
        VerdictWriter.WriteOperationCount(ref writer, directive.ResponseHeaders.Count);
        WriteOperations(ref writer, directive.ResponseHeaders);
    }

    public static void WriteRest(
        ref WireWriter writer, IReadOnlyList<ReferencedAttribute> references, IReadOnlyList<QuotaGrant> quotas, int wordCount)
    {
        foreach (ReferencedAttribute reference in references)
        {
            ReferenceFlags flags = (reference.Present ? ReferenceFlags.Exact : 0) | (reference.Key is null ? 0 : ReferenceFlags.HasKey);
            VerdictWriter.WriteReference(
                ref writer, flags, Encoding.UTF8.GetBytes(reference.Name), Encoding.UTF8.GetBytes(reference.Key ?? ""), wordCount);
        }

        VerdictWriter.WriteQuotaCount(ref writer, quotas.Count);
        foreach (QuotaGrant quota in quotas)
        {
            VerdictWriter.WriteQuota(ref writer, Encoding.UTF8.GetBytes(quota.Name), quota.Granted, quota.ValidDuration);
        }
    }

    private static void WriteOperations(ref WireWriter writer, IReadOnlyList<HeaderOperation> operations)
    {
        foreach (HeaderOperation operation in operations)
        {
            VerdictWriter.WriteOperation(
                ref writer, operation.Kind, Encoding.UTF8.GetBytes(operation.Name), Encoding.UTF8.GetBytes(operation.Value));
        }
    }
}
