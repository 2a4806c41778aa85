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
            ExtrasOf(verdict));
        WriteReferences(ref writer, verdict.Referenced, wordCount);
        WriteQuotas(ref writer, verdict.Quotas);
        WriteExtras(ref writer, verdict, ExtrasOf(verdict), wordCount);
    });

    private static VerdictExtras ExtrasOf(Verdict verdict) =>
        (verdict.Directive.IsEmpty ? VerdictExtras.None : VerdictExtras.Directive)
        | (verdict.Policy == 0 ? VerdictExtras.None : VerdictExtras.Policy)
        | (verdict.Quotas.Any(quota => quota.Referenced is not null) ? VerdictExtras.QuotaReferences : VerdictExtras.None);

    private static void WriteExtras(ref WireWriter writer, Verdict verdict, VerdictExtras extras, int wordCount)
    {
        if (!verdict.Directive.IsEmpty)
        {
            WriteDirective(ref writer, verdict.Directive);
        }
        else if (extras != VerdictExtras.None)
        {
            VerdictWriter.WriteNoDirective(ref writer);
        }

        if (extras >= VerdictExtras.Policy)
        {
            VerdictWriter.WritePolicy(ref writer, verdict.Policy);
        }

        if (extras >= VerdictExtras.QuotaReferences)
        {
            VerdictWriter.WriteQuotaCount(ref writer, verdict.Quotas.Count);
            foreach (QuotaGrant quota in verdict.Quotas)
            {
                VerdictWriter.WriteReferenceCount(ref writer, quota.Referenced!.Count);
                WriteReferences(ref writer, quota.Referenced, wordCount);
            }
        }
    }

    private static void WriteDirective(ref WireWriter writer, RouteDirective directive)
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

    private static void WriteReferences(ref WireWriter writer, IReadOnlyList<ReferencedAttribute> references, int wordCount)
    {
        foreach (ReferencedAttribute reference in references)
        {
            ReferenceFlags flags = (reference.Present ? ReferenceFlags.Exact : 0) | (reference.Key is null ? 0 : ReferenceFlags.HasKey);
            VerdictWriter.WriteReference(
                ref writer, flags, Encoding.UTF8.GetBytes(reference.Name), Encoding.UTF8.GetBytes(reference.Key ?? ""), wordCount);
        }
    }

    private static void WriteQuotas(ref WireWriter writer, IReadOnlyList<QuotaGrant> quotas)
    {
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
