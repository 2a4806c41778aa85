using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>What is taken ahead from quotas. Thread-safe.</summary>
internal interface IQuotas
{
    /// <summary>Takes from what is there, all or nothing: from every quota, or from none.</summary>
    /// <param name="bag">The request, which may pass.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="grants">What was taken, in the same order.</param>
    /// <returns>False if a server must be asked.</returns>
    bool TryTake(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, [NotNullWhen(true)] out IReadOnlyList<QuotaGrant>? grants);

    /// <summary>Learns from a server's answer which requests share a quota.</summary>
    /// <param name="bag">The request.</param>
    /// <param name="quotas">What was asked for.</param>
    /// <param name="verdict">The answer.</param>
    void Learn(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, Verdict verdict);
}
