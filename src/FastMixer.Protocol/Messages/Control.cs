using System.Text;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>Ping and pong, which say nothing but their id.</summary>
public static class Ping
{
    /// <summary>Writes a ping or a pong.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kind">Which.</param>
    /// <param name="id">The correlation id.</param>
    public static void Write(ref WireWriter writer, MessageKind kind, uint id) => MessageHeader.Write(ref writer, kind, id, elements: 0);
}

/// <summary>A server's word that it stops soon.</summary>
/// <param name="Grace">How long it still answers.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record GoingAway(TimeSpan Grace, string Reason)
{
    private const int Elements = 2;

    /// <summary>Writes it. Allocates.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ref WireWriter writer)
    {
        MessageHeader.Write(ref writer, MessageKind.GoingAway, id: 0, Elements);
        writer.WriteMilliseconds(Grace);
        writer.WriteString(Encoding.UTF8.GetBytes(Reason));
    }

    /// <summary>Reads the elements behind the header. Allocates.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="goingAway">What was read.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, out GoingAway? goingAway)
    {
        goingAway = null;
        if (!header.Require(ref reader, Elements, "going away is [9, 0, grace ms, reason]")
            || !reader.TryReadUInt32(out uint milliseconds)
            || !reader.TryReadString(int.MaxValue, out ReadOnlySpan<byte> reason))
        {
            return false;
        }

        goingAway = new GoingAway(TimeSpan.FromMilliseconds(milliseconds), Encoding.UTF8.GetString(reason));
        return header.TryReadEnd(ref reader, Elements, padded: true);
    }
}

/// <summary>An error as it travels.</summary>
/// <param name="Code">What programs go by.</param>
/// <param name="Text">What people read.</param>
public sealed record ErrorMessage(ErrorCode Code, string Text)
{
    private const int Elements = 2;

    /// <summary>Writes an error.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The id of the message it answers, or 0.</param>
    /// <param name="code">The code.</param>
    /// <param name="text">What was wrong, where, and what would be right; UTF-8.</param>
    public static void Write(ref WireWriter writer, uint id, ErrorCode code, scoped ReadOnlySpan<byte> text)
    {
        MessageHeader.Write(ref writer, MessageKind.Error, id, Elements);
        writer.Write((int)code);
        writer.WriteString(text);
    }

    /// <summary>Reads the elements behind the header. Allocates.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="error">What was read.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, out ErrorMessage? error)
    {
        error = null;
        if (!header.Require(ref reader, Elements, "an error is [10, id, code, text]")
            || !reader.TryReadUInt32(out uint code)
            || !reader.TryReadString(int.MaxValue, out ReadOnlySpan<byte> text))
        {
            return false;
        }

        error = new ErrorMessage((ErrorCode)Math.Min(code, byte.MaxValue), Encoding.UTF8.GetString(text));
        return header.TryReadEnd(ref reader, Elements, padded: true);
    }
}
