using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FastMixer.Server.Transports;

/// <summary>
/// A pipe's reading end whose <see cref="ReadAsync"/> is the socket's receive: no second buffer, no pump, no hop to another thread. What is
/// read lies in one contiguous buffer, so that a frame is one span. One reader at a time, as with any pipe.
/// </summary>
#pragma warning disable CA1001 // Complete gives everything back, as with any pipe.
internal sealed class SocketPipeReader(Socket socket, int maxBufferedBytes) : PipeReader, IValueTaskSource<ReadResult>
#pragma warning restore CA1001
{
    // Most reads bring a few hundred bytes; idle connections are many. A full read doubles the buffer, up to the limit.
    private const int SmallestBuffer = 4096;

    private readonly SocketOperation _receive = new();
    private byte[] _buffer = [];
    private int _start;
    private int _examined;
    private int _end;
    private int _room;
    private bool _ended;

    /// <summary>Why the stream ended, if it was not the peer that closed it.</summary>
    public SocketError LastError { get; private set; }

    /// <summary>How many bytes the last read brought.</summary>
    public int LastBytes { get; private set; }

    /// <summary>Whether the last read filled the buffer, so that more may wait.</summary>
    public bool LastFilled { get; private set; }

    /// <summary>How many bytes wait in the system's buffer; a system call. 0 once the socket is closed.</summary>
    public int Waiting
    {
        get
        {
            try
            {
                return socket.Available;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_ended || _examined < _end)
        {
            return new ValueTask<ReadResult>(Buffered());
        }

        MakeRoom();
        _room = _buffer.Length - _end;
        return _receive.TryReceive(socket, _buffer.AsMemory(_end))
            ? new ValueTask<ReadResult>(Take(_receive.Result))
            : new ValueTask<ReadResult>(this, _receive.Version);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool any = _ended || _examined < _end;
        result = any ? Buffered() : default;
        return any;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _examined = examined.GetInteger();
        if (_start == _end)
        {
            _start = _examined = _end = 0;
        }
    }

    /// <summary>Not supported: a session is woken by closing its socket.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void CancelPendingRead() => throw new NotSupportedException("Close the socket to wake its reader.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _ended = true;
        _start = _examined = _end = 0;
        Return();
        _receive.Dispose();
    }

    /// <inheritdoc/>
    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => Take(_receive.GetResult(token));

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _receive.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _receive.OnCompleted(continuation, state, token, flags);

    private ReadResult Take(SocketResult received)
    {
        LastError = received.Error;
        _ended = !received.IsSuccess || received.Bytes == 0;
        LastBytes = received.IsSuccess ? received.Bytes : 0;
        LastFilled = LastBytes == _room;
        _end += LastBytes;
        return Buffered();
    }

    private ReadResult Buffered() => new(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled: false, isCompleted: _ended);

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        int held = _end - _start;
        if (held <= _buffer.Length / 2 && _buffer.Length > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            Grow(held);
        }

        (_start, _examined, _end) = (0, _examined - _start, held);
    }

    private void Grow(int held)
    {
        int wanted = Math.Clamp(_buffer.Length * 2, SmallestBuffer, Math.Max(maxBufferedBytes, SmallestBuffer));
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, held + 1));
        _buffer.AsSpan(_start, held).CopyTo(larger);
        Return();
        _buffer = larger;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
    }
}
