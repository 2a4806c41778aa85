using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>The first elements of a server's message: all that the measured loop looks at.</summary>
internal readonly struct AnswerHead
{
    private AnswerHead(MessageKind kind, uint id, uint status)
    {
        Kind = kind;
        Id = id;
        Status = status;
    }

    /// <summary>The kind of message.</summary>
    public MessageKind Kind { get; }

    /// <summary>The id of the request that it answers, or 0.</summary>
    public uint Id { get; }

    /// <summary>The status of a verdict, or the code of an error; 0 for other kinds.</summary>
    public uint Status { get; }

    /// <summary>The head of an answer that has no id.</summary>
    public static AnswerHead WithoutId(MessageKind kind, uint status) => new(kind, id: 0, status);

    /// <summary>Reads the head of a message; false if the body is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AnswerHead head)
    {
        head = default;
        if (MessagePackPrimitives.TryReadArrayHeader(body, out var count, out var size) is not MessagePackPrimitives.DecodeResult.Success
            || count < 2)
        {
            return false;
        }

        body = body[size..];
        if (MessagePackPrimitives.TryReadByte(body, out var kind, out size) is not MessagePackPrimitives.DecodeResult.Success)
        {
            return false;
        }

        body = body[size..];
        if (MessagePackPrimitives.TryReadUInt32(body, out var id, out size) is not MessagePackPrimitives.DecodeResult.Success)
        {
            return false;
        }

        var status = 0u;
        if (kind is (byte)MessageKind.Verdict or (byte)MessageKind.Error
            && MessagePackPrimitives.TryReadUInt32(body[size..], out status, out _) is not MessagePackPrimitives.DecodeResult.Success)
        {
            return false;
        }

        head = new AnswerHead((MessageKind)kind, id, status);
        return true;
    }
}
