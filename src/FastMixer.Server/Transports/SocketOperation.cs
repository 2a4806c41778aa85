using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace FastMixer.Server.Transports;

/// <summary>How a socket call ended: errors of peers are values, because a storm of resets must not become a storm of exceptions.</summary>
/// <param name="Bytes">Bytes transferred; 0 on a receive is the end of the stream.</param>
/// <param name="Error">What went wrong, or <see cref="SocketError.Success"/>.</param>
internal readonly record struct SocketResult(int Bytes, SocketError Error)
{
    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Error == SocketError.Success;
}

/// <summary>
/// A socket call that is its own awaitable, used again and again: one for each direction of a connection, one call at a time. The continuation
/// runs where the completion comes in, which with inline completions is the thread that polls the sockets.
/// </summary>
internal sealed class SocketOperation : SocketAsyncEventArgs, IValueTaskSource<SocketResult>
{
    private ManualResetValueTaskSourceCore<SocketResult> _core;

    /// <summary>An operation without a buffer yet.</summary>
    public SocketOperation()
        : base(unsafeSuppressExecutionContextFlow: true)
    {
        _core.RunContinuationsAsynchronously = false;
    }

    /// <summary>How the last call ended, once it has.</summary>
    public SocketResult Result => new(BytesTransferred, SocketError);

    /// <summary>The token of the call that is under way.</summary>
    public short Version => _core.Version;

    /// <summary>Receives some bytes.</summary>
    /// <returns>Whether there is a <see cref="Result"/> already; else it comes through this source, by <see cref="Version"/>.</returns>
    public bool TryReceive(Socket socket, Memory<byte> buffer)
    {
        SetBuffer(buffer);
        _core.Reset();
        try
        {
            return !socket.ReceiveAsync(this);
        }
        catch (ObjectDisposedException)
        {
            return Aborted();
        }
    }

    /// <summary>Sends all bytes.</summary>
    /// <returns>Whether there is a <see cref="Result"/> already; else it comes through this source, by <see cref="Version"/>.</returns>
    public bool TrySend(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        SetBuffer(MemoryMarshal.AsMemory(bytes));
        _core.Reset();
        try
        {
            return !socket.SendAsync(this);
        }
        catch (ObjectDisposedException)
        {
            return Aborted();
        }
    }

    /// <inheritdoc/>
    public SocketResult GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _core.SetResult(Result);

    // Closing the socket is how another thread ends a session.
    private bool Aborted()
    {
        SocketError = SocketError.OperationAborted;
        return true;
    }
}
