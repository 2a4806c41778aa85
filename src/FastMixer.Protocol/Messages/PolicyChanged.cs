using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>
/// A server's word on a stream that its verdicts are those of another policy from now on. It comes before the first verdict of that policy, so a
/// verdict is of the policy told last if no such word came between the sending of its check and the verdict; else it is not to be reused.
/// </summary>
/// <param name="Policy">The digest of the policy, never 0.</param>
public readonly record struct PolicyChanged(ulong Policy)
{
    private const int Elements = 1;

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ref WireWriter writer)
    {
        MessageHeader.Write(ref writer, MessageKind.PolicyChanged, id: 0, Elements);
        writer.Write(Policy);
    }

    /// <summary>Reads the elements behind the header.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="changed">What was read.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, out PolicyChanged changed)
    {
        changed = default;
        if (!header.Require(ref reader, Elements, "policy changed is [11, 0, policy]") || !reader.TryReadUInt64(out ulong policy))
        {
            return false;
        }

        changed = new PolicyChanged(policy);
        return (policy != 0 || reader.Fail(ErrorCode.Malformed, "the policy that is announced is not 0"))
            && header.TryReadEnd(ref reader, Elements, padded: true);
    }
}
