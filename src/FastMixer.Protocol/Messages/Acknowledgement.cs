using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>The answer to a report.</summary>
/// <param name="Accepted">Records the server took; each will be delivered, or counted as dropped.</param>
/// <param name="Refused">Records it had no room for: the last ones of the report.</param>
/// <param name="RetryAfter">When to send the refused ones again, at the earliest.</param>
public readonly record struct Acknowledgement(int Accepted, int Refused, TimeSpan RetryAfter)
{
    /// <summary>How many elements follow the id.</summary>
    public const int Elements = 3;

    /// <summary>Writes an acknowledgement.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The report's id.</param>
    public void Write(ref WireWriter writer, uint id)
    {
        MessageHeader.Write(ref writer, MessageKind.Acknowledgement, id, Elements);
        writer.Write(Accepted);
        writer.Write(Refused);
        writer.WriteMilliseconds(RetryAfter);
    }

    /// <summary>Reads the elements behind the header.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="acknowledgement">What was read.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, out Acknowledgement acknowledgement)
    {
        acknowledgement = default;
        if (!header.Require(ref reader, Elements, "an acknowledgement is [6, id, accepted, refused, retry after ms]")
            || !reader.TryReadUInt32(out uint accepted)
            || !reader.TryReadUInt32(out uint refused)
            || !reader.TryReadUInt32(out uint milliseconds))
        {
            return false;
        }

        acknowledgement = new Acknowledgement(
            (int)Math.Min(accepted, int.MaxValue), (int)Math.Min(refused, int.MaxValue), TimeSpan.FromMilliseconds(milliseconds));
        return header.TryReadEnd(ref reader, Elements, padded: true);
    }
}
