using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>What a server says of a report.</summary>
/// <param name="Accepted">Records that it has taken.</param>
/// <param name="Refused">Records that it has no room for.</param>
/// <param name="RetryAfter">When these may be sent again.</param>
internal readonly record struct AcknowledgementMessage(int Accepted, int Refused, TimeSpan RetryAfter)
{
    /// <summary>Reads an acknowledgement; false if the body is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AcknowledgementMessage acknowledgement)
    {
        acknowledgement = default;
        var success = MessagePackPrimitives.TryReadArrayHeader(body, out var count, out var size) is MessagePackPrimitives.DecodeResult.Success;
        Span<uint> numbers = stackalloc uint[5]; // kind, id, accepted, refused, milliseconds
        success &= count >= numbers.Length;
        for (var i = 0; i < numbers.Length && success; i++)
        {
            body = body[size..];
            success = MessagePackPrimitives.TryReadUInt32(body, out numbers[i], out size) is MessagePackPrimitives.DecodeResult.Success;
        }

        if (!success || numbers[0] != (uint)MessageKind.Acknowledgement)
        {
            return false;
        }

        acknowledgement = new AcknowledgementMessage((int)numbers[2], (int)numbers[3], TimeSpan.FromMilliseconds(numbers[4]));
        return true;
    }
}
