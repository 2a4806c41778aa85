using System.Buffers.Binary;
using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Policy.Rules.Index;

/// <summary>
/// An expression whose value picks rules. It is evaluated as in a match, so that it notes the same look-ups and has the same errors. Its key is
/// a form of the value in which equal values, and only they, have equal bytes.
/// </summary>
internal abstract class Subject
{
    /// <summary>The bytes that <see cref="TryReadKey"/> needs at most for keys that are not slices of the request.</summary>
    public const int RoomBytes = 16;

    /// <summary>Evaluates. No allocation.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="room">At least <see cref="RoomBytes"/> long.</param>
    /// <param name="key">The key; valid as long as the room and the context's scratch.</param>
    /// <returns>False after an error.</returns>
    public abstract bool TryReadKey(EvaluationContext context, Span<byte> room, out ReadOnlySpan<byte> key);
}

/// <summary>A subject of STRING or BYTES: the key is the value.</summary>
internal sealed class TextSubject(Node<ReadOnlySpan<byte>> node) : Subject
{
    /// <inheritdoc/>
    public override bool TryReadKey(EvaluationContext context, Span<byte> room, out ReadOnlySpan<byte> key) => node.TryEvaluate(context, out key);
}

/// <summary>A subject of INT64, TIMESTAMP or DURATION: the key is its 8 bytes.</summary>
internal sealed class NumberSubject(Node<long> node) : Subject
{
    /// <summary>The key of a value.</summary>
    public static byte[] KeyOf(long value)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(key, value);
        return key;
    }

    /// <inheritdoc/>
    public override bool TryReadKey(EvaluationContext context, Span<byte> room, out ReadOnlySpan<byte> key)
    {
        bool evaluated = node.TryEvaluate(context, out long value);
        BinaryPrimitives.WriteInt64LittleEndian(room, value);
        key = room[..sizeof(long)];
        return evaluated;
    }
}

/// <summary>A subject of IP_ADDRESS: the key is its IPv6 form, so that an IPv4 address and its v4-mapped form are one.</summary>
internal sealed class IpAddressSubject(Node<ReadOnlySpan<byte>> node) : Subject
{
    /// <summary>The key of a value.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> address)
    {
        var key = new byte[RoomBytes];
        return WriteKey(address, key).ToArray();
    }

    /// <inheritdoc/>
    public override bool TryReadKey(EvaluationContext context, Span<byte> room, out ReadOnlySpan<byte> key)
    {
        bool evaluated = node.TryEvaluate(context, out ReadOnlySpan<byte> address);
        key = WriteKey(address, room);
        return evaluated;
    }

    private static ReadOnlySpan<byte> WriteKey(ReadOnlySpan<byte> address, Span<byte> room)
    {
        if (address.Length != 4)
        {
            address.CopyTo(room);
            return room[..address.Length];
        }

        room[..10].Clear();
        room[10..12].Fill(0xff);
        address.CopyTo(room[12..]);
        return room[..16];
    }
}
