using System.Buffers.Binary;

namespace FastMixer.Protocol.Attributes;

/// <summary>
/// MessagePack's timestamp (ext −1 in the MessagePack specification) to and from nanoseconds since 1970. The range is what 64 bits hold.
/// </summary>
internal static class TimestampFormat
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The bytes of the longest form's payload.</summary>
    public const int MaxPayloadBytes = 12;

    /// <summary>Reads a payload of 4, 8 or 12 bytes.</summary>
    /// <returns>False for another length, nanoseconds of a second or more, or a moment out of range.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out long nanoseconds)
    {
        (long seconds, uint fraction) = payload.Length switch
        {
            4 => (BinaryPrimitives.ReadUInt32BigEndian(payload), 0u),
            8 => Split(BinaryPrimitives.ReadUInt64BigEndian(payload)),
            12 => (BinaryPrimitives.ReadInt64BigEndian(payload[4..]), BinaryPrimitives.ReadUInt32BigEndian(payload)),
            _ => (0L, uint.MaxValue),
        };
        Int128 total = ((Int128)seconds * NanosecondsPerSecond) + fraction;
        bool valid = fraction < NanosecondsPerSecond && total >= long.MinValue && total <= long.MaxValue;
        nanoseconds = valid ? (long)total : 0;
        return valid;
    }

    /// <summary>Writes the shortest payload.</summary>
    /// <param name="nanoseconds">The moment.</param>
    /// <param name="payload">At least <see cref="MaxPayloadBytes"/> long.</param>
    /// <returns>Its length: 4, 8 or 12.</returns>
    public static int Encode(long nanoseconds, Span<byte> payload)
    {
        (long seconds, long fraction) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        if (fraction < 0)
        {
            seconds--;
            fraction += NanosecondsPerSecond;
        }

        // Seconds within 64 bits of nanoseconds always fit the 34 bits of the middle form once they are not negative.
        if (seconds < 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)fraction);
            BinaryPrimitives.WriteInt64BigEndian(payload[4..], seconds);
            return 12;
        }

        if (fraction == 0 && seconds <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)seconds);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(payload, ((ulong)fraction << 34) | (ulong)seconds);
        return 8;
    }

    private static (long Seconds, uint Fraction) Split(ulong packed) => ((long)(packed & 0x3_ffff_ffff), (uint)(packed >> 34));
}
