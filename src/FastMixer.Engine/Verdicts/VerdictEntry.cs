using System.Buffers.Binary;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Verdicts;

/// <summary>
/// The value of an entry, read from its bytes: a stamp of the configuration it was last found right for and of what it depends on there, the status, the
/// message, and the directive as the answer has it. Time and uses are the cache's, the references are the set's; quotas are never kept.
/// </summary>
internal readonly ref struct VerdictEntry
{
    /// <summary>The bytes of the stamp: the number of a configuration, and a fingerprint.</summary>
    public const int StampBytes = sizeof(long) + 16;

    private const int StatusAt = StampBytes;
    private const int FlagsAt = StatusAt + 1;
    private const int MessageLengthAt = FlagsAt + 1;
    private const int HeaderBytes = MessageLengthAt + sizeof(ushort);
    private const byte RenewableFlag = 1;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Reads an entry.</summary>
    /// <param name="bytes">As <see cref="TryWrite"/> has written them.</param>
    public VerdictEntry(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The stamp.</summary>
    public ReadOnlySpan<byte> Stamp => _bytes[..StampBytes];

    /// <summary>The number of the configuration.</summary>
    public long Number => BinaryPrimitives.ReadInt64LittleEndian(_bytes);

    /// <summary>What it depends on there.</summary>
    public UInt128 Fingerprint => BinaryPrimitives.ReadUInt128LittleEndian(_bytes[sizeof(long)..]);

    /// <summary>Whether the request may pass.</summary>
    public StatusCode Status => (StatusCode)_bytes[StatusAt];

    /// <summary>Whether it is worth renewing before its time is over: a backend was asked for it.</summary>
    public bool IsRenewable => (_bytes[FlagsAt] & RenewableFlag) != 0;

    /// <summary>Why not.</summary>
    public ReadOnlySpan<byte> Message => _bytes.Slice(HeaderBytes, MessageLength);

    /// <summary>Where the directive begins.</summary>
    public int DirectiveOffset => HeaderBytes + MessageLength;

    private int MessageLength => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[MessageLengthAt..]);

    /// <summary>Writes a stamp.</summary>
    public static void WriteStamp(Span<byte> destination, long number, UInt128 fingerprint)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, number);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[sizeof(long)..], fingerprint);
    }

    /// <summary>Writes all but the directive, which goes behind it.</summary>
    /// <returns>How many bytes; 0 if there is no room.</returns>
    public static int TryWrite(Span<byte> destination, long number, UInt128 fingerprint, StatusCode status, bool isRenewable, ReadOnlySpan<byte> message)
    {
        if (message.Length > ushort.MaxValue || HeaderBytes + message.Length > destination.Length)
        {
            return 0;
        }

        WriteStamp(destination, number, fingerprint);
        destination[StatusAt] = (byte)status;
        destination[FlagsAt] = isRenewable ? RenewableFlag : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[MessageLengthAt..], (ushort)message.Length);
        message.CopyTo(destination[HeaderBytes..]);
        return HeaderBytes + message.Length;
    }
}
