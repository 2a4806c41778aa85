using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Server.Transports;

/// <summary>
/// A pipe's writing end whose <see cref="FlushAsync"/> is the socket's send: everything written since the last flush leaves in one call. Writing
/// may go on, by whoever holds the session's lock, while one flush is under way.
/// </summary>
#pragma warning disable CA1001 // Complete gives everything back, as with any pipe.
internal sealed class SocketPipeWriter(Socket socket) : PipeWriter, IValueTaskSource<FlushResult>
#pragma warning restore CA1001
{
    private readonly SocketOperation _send = new();
    private PooledBuffer _writing = new();
    private PooledBuffer _sending = new();

    /// <summary>Why sending failed, if it did.</summary>
    public SocketError LastError { get; private set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _writing.Length;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _writing.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => _writing.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes) => _writing.Advance(bytes);

    /// <summary>Takes what is written for the next <see cref="FlushAsync"/>. Must not be called while one is under way.</summary>
    public void Swap()
    {
        (_writing, _sending) = (_sending, _writing);
        _writing.Reset();
    }

    /// <summary>Sends what the last <see cref="Swap"/> took. One call at a time.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        _send.TrySend(socket, _sending.WrittenMemory)
            ? new ValueTask<FlushResult>(Take(_send.Result))
            : new ValueTask<FlushResult>(this, _send.Version);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => throw new NotSupportedException("Close the socket to end its sending.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _writing.Dispose();
        _sending.Dispose();
        _send.Dispose();
    }

    /// <inheritdoc/>
    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => Take(_send.GetResult(token));

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _send.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _send.OnCompleted(continuation, state, token, flags);

    private FlushResult Take(SocketResult sent)
    {
        LastError = sent.Error;
        return new FlushResult(isCanceled: false, isCompleted: !sent.IsSuccess);
    }
}
