using System.Text;
using FastMixer.Caching.Keys;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Cache;

/// <summary>Turns what servers say that something depended on into look-ups.</summary>
internal static class VerdictReferences
{
    /// <summary>
    /// Reads referenced attributes. One that this client does not know is one that its requests never have: that it is absent needs no look, and nothing else
    /// can fit.
    /// </summary>
    /// <param name="referenced">What a server has said.</param>
    /// <param name="vocabulary">What this client knows.</param>
    /// <param name="references">Gets the look-ups, in the place of those it has.</param>
    /// <returns>False if no request of this client can fit.</returns>
    public static bool TryRead(IReadOnlyList<ReferencedAttribute> referenced, Vocabulary vocabulary, ReferenceList references)
    {
        references.Clear();
        foreach (ReferencedAttribute reference in referenced)
        {
            if (vocabulary.TryGetSlot(reference.Name, out int slot))
            {
                byte[]? key = reference.Key is null ? null : Encoding.UTF8.GetBytes(reference.Key);
                references.Add(slot, key is not null, key, reference.Present);
            }
            else if (reference.Present || reference.Key is not null)
            {
                return false;
            }
        }

        return true;
    }
}
