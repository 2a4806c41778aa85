using System.Diagnostics.CodeAnalysis;
using FastMixer.Caching.Keys;
using FastMixer.Client.Cache;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>What servers said that quotas depend on: the same set for the same attributes. Any thread may call any member.</summary>
/// <param name="vocabulary">What slots mean.</param>
internal sealed class QuotaSets(Vocabulary vocabulary)
{
    private const int MaxSets = 1024;

    [ThreadStatic]
    private static ReferenceList? ThreadReferences;

    private readonly ReferenceSetDirectory _directory = new(vocabulary, MaxSets);

    /// <summary>The set of what decides from which amount a grant was taken.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="set">The set.</param>
    /// <returns>False if its server has not told, no request of this client can fit, or there are too many sets.</returns>
    public bool TryGet(QuotaGrant grant, [NotNullWhen(true)] out ReferenceSet? set)
    {
        set = null;
        ReferenceList references = ThreadReferences ??= new ReferenceList();
        return grant.Referenced is not null
            && VerdictReferences.TryRead(grant.Referenced, vocabulary, references)
            && _directory.TryGet(references, configuration: 0, out set);
    }
}
