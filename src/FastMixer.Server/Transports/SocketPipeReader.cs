using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FastMixer.Server.Transports;

/// <summary>
/// A pipe's reading end whose <see cref="ReadAsync"/> is the socket's receive: no second buffer, no pump, no hop to another thread. What is
/// read lies in one contiguous buffer, so that a frame is one span. One reader at a time, as with any pipe.
/// </summary>
#pragma warning disable CA1001 // Complete gives everything back, as with any pipe.
internal sealed class SocketPipeReader(Socket socket, int maxBufferedBytes) : PipeReader
#pragma warning restore CA1001
{
    // Most reads bring a few hundred bytes; idle connections are many. A full read doubles the buffer, up to the limit.
    private const int SmallestBuffer = 4096;

    private readonly SocketOperation _receive = new();
    private byte[] _buffer = [];
    private int _start;
    private int _examined;
    private int _end;
    private bool _ended;

    /// <summary>Why the stream ended, if it was not the peer that closed it.</summary>
    public SocketError LastError { get; private set; }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_ended || _examined < _end)
        {
            return new ValueTask<ReadResult>(Buffered());
        }

        MakeRoom();
        ValueTask<SocketResult> received = _receive.ReceiveAsync(socket, _buffer.AsMemory(_end));
        return received.IsCompletedSuccessfully
            ? new ValueTask<ReadResult>(Take(received.Result))
            : AwaitReceiveAsync(received);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AwaitReceiveAsync(ValueTask<SocketResult> received) => Take(await received.ConfigureAwait(false));

    private ReadResult Take(SocketResult received)
    {
        LastError = received.Error;
        _ended = !received.IsSuccess || received.Bytes == 0;
        _end += received.IsSuccess ? received.Bytes : 0;
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
