using System.Buffers;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Channels;

/// <summary>
/// Bytes received and not yet read, in one piece. Grows with what has come, never with what a length claims; shrinks when it runs empty.
/// Belongs to one thread at a time.
/// </summary>
internal sealed class ReceiveBuffer
{
    /// <summary>The greatest body taken from a server. Real answers are far smaller; a server has no limit to tell.</summary>
    public const int MaxFrameBytes = 16 * 1024 * 1024;

    private const int LengthPrefixBytes = 4;
    private const int RestingBytes = 16 * 1024;
    private const int LeastRoom = 4 * 1024;

    private byte[] _bytes = Allocate(RestingBytes);
    private int _start;
    private int _end;

    /// <summary>Room for what is received next, valid until the next call.</summary>
    public Memory<byte> GetRoom()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
            if (_bytes.Length > RestingBytes)
            {
                _bytes = Allocate(RestingBytes);
            }
        }
        else if (_bytes.Length - _end < LeastRoom)
        {
            int held = _end - _start;
            byte[] target = _bytes.Length - held < LeastRoom ? Allocate(_bytes.Length * 2) : _bytes;
            _bytes.AsSpan(_start, held).CopyTo(target);
            _bytes = target;
            _start = 0;
            _end = held;
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Counts bytes that were received into the room.</summary>
    /// <param name="count">How many.</param>
    public void Advance(int count) => _end += count;

    /// <summary>Takes the next frame.</summary>
    /// <param name="body">Its body, valid until <see cref="GetRoom"/>.</param>
    /// <param name="problem">How the bytes break the protocol; null if they do not.</param>
    /// <returns>Whether there was a whole frame.</returns>
    public bool TryTakeFrame(out ReadOnlySpan<byte> body, out string? problem)
    {
        var buffer = new ReadOnlySequence<byte>(_bytes, _start, _end - _start);
        FrameResult result = FrameReader.TryRead(ref buffer, MaxFrameBytes, out ReadOnlySequence<byte> frame, out uint length);
        body = frame.FirstSpan;
        problem = result switch
        {
            FrameResult.Empty => "a frame has the length 0, which no message has",
            FrameResult.TooLarge => $"a frame claims {length} bytes, and this client takes {MaxFrameBytes} at most",
            _ => null,
        };
        if (result != FrameResult.Complete)
        {
            return false;
        }

        _start += LengthPrefixBytes + body.Length;
        return true;
    }

    // Pinned where it is made: the system writes into it without a handle for each call.
    private static byte[] Allocate(int bytes) => GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
}
