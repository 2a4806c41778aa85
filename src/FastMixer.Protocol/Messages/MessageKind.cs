using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>The kinds of messages (protocol.md, section 3). Numbers never change.</summary>
public enum MessageKind : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>Client: who I am, what I know, and my base attributes.</summary>
    Hello = 1,

    /// <summary>Server: the version we speak, and my limits.</summary>
    Welcome = 2,

    /// <summary>Client: may this request pass?</summary>
    Check = 3,

    /// <summary>Server: the answer to a check.</summary>
    Verdict = 4,

    /// <summary>Client: records of finished requests.</summary>
    Report = 5,

    /// <summary>Server: how many records it took.</summary>
    Acknowledgement = 6,

    /// <summary>Either: are you there?</summary>
    Ping = 7,

    /// <summary>Either: the answer to a ping.</summary>
    Pong = 8,

    /// <summary>Server: I stop soon.</summary>
    GoingAway = 9,

    /// <summary>Server: something is wrong with a message.</summary>
    Error = 10,

    /// <summary>Server: verdicts are those of another policy from now on.</summary>
    PolicyChanged = 11,
}

/// <summary>What every message begins with.</summary>
/// <param name="Kind">The kind of message.</param>
/// <param name="Id">The correlation id; 0 for what answers nothing.</param>
/// <param name="Elements">How many elements follow the id.</param>
public readonly record struct MessageHeader(MessageKind Kind, uint Id, int Elements)
{
    /// <summary>The version of the protocol that this build speaks.</summary>
    public const int Version = 1;

    /// <summary>Reads the array's header, the kind and the id.</summary>
    /// <param name="reader">At the start of a body.</param>
    /// <param name="header">What was read; its id is 0 if it could not be, and known even if the message is cut short behind it.</param>
    /// <returns>False with the reader's fault set. A kind that does not exist is no fault here.</returns>
    public static bool TryRead(ref WireReader reader, out MessageHeader header)
    {
        header = default;
        if (!reader.TryReadArrayClaim(out uint claimed))
        {
            return false;
        }

        if (claimed < 2)
        {
            return reader.Fail(ErrorCode.Malformed, "a message is an array of a kind, an id and more");
        }

        if (!reader.TryReadFixint(out byte kind) || !reader.TryReadUInt32(out uint id))
        {
            return false;
        }

        bool fits = reader.TryBound(claimed - 2, 1, out int elements);
        header = new MessageHeader((MessageKind)kind, id, elements);
        return fits;
    }

    /// <summary>Writes the array's header, the kind and the id.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="id">The correlation id.</param>
    /// <param name="elements">How many elements will follow.</param>
    public static void Write(ref WireWriter writer, MessageKind kind, uint id, int elements)
    {
        writer.WriteArrayHeader(elements + 2);
        writer.Write((int)kind);
        writer.Write(id);
    }

    /// <summary>Checks that a message has the elements it must have.</summary>
    /// <param name="reader">For the fault.</param>
    /// <param name="least">How many must follow the id.</param>
    /// <param name="shape">What they are, for the fault's text.</param>
    public bool Require(ref WireReader reader, int least, string shape) =>
        Elements >= least || reader.Fail(ErrorCode.Malformed, shape);

    /// <summary>Passes over elements that this version does not know, and checks that nothing follows the array.</summary>
    /// <param name="reader">Behind the last known element.</param>
    /// <param name="known">How many elements were read.</param>
    /// <param name="padded">Whether zero bytes may follow, as in a datagram.</param>
    public bool TryReadEnd(ref WireReader reader, int known, bool padded)
    {
        for (int i = known; i < Elements; i++)
        {
            if (!reader.TrySkip(depth: 1))
            {
                return false;
            }
        }

        return reader.TryReadEnd(padded);
    }
}
