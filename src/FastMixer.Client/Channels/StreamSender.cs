using System.Net.Sockets;
using FastMixer.Client.Calls;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Client.Channels;

/// <summary>What came of handing a message to a <see cref="StreamSender"/>.</summary>
internal enum AppendResult
{
    /// <summary>It is sent, or will be.</summary>
    Appended,

    /// <summary>It is longer than the server takes.</summary>
    TooLarge,

    /// <summary>Too much is unsent already.</summary>
    Backlogged,

    /// <summary>Nothing is sent any more.</summary>
    Closed,
}

/// <summary>
/// The sending side of a stream. A message is written into the buffer that fills while another leaves; if none leaves, the writing thread
/// sends it at once, so that a lone request waits for nobody, and whatever is written meanwhile leaves together in the next send.
/// Thread-safe; nothing is sent while the lock is held.
/// </summary>
/// <param name="onFailed">Told once a send has failed; called without a lock.</param>
internal sealed class StreamSender(Action<SocketError> onFailed) : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
{
    /// <summary>How much may wait to leave. A server that takes nothing for so long is not worth more memory.</summary>
    public const int MaxUnsentBytes = 16 * 1024 * 1024;

    private const int LengthPrefixBytes = 4;

    // A caller who sends for others as well hands over to the pool after this many sends.
    private const int SendsPerTurn = 8;

    private readonly Lock _lock = new();
    private PooledBuffer _filling = new();
    private PooledBuffer _leaving = new();
    private Socket? _socket;
    private bool _sending;
    private bool _closed;
    private int _sent;

    /// <summary>Writes bytes that are frames already; for the hello, before anything else.</summary>
    /// <param name="frames">The frames.</param>
    public void AppendFrames(ReadOnlySpan<byte> frames)
    {
        lock (_lock)
        {
            _filling.Write(frames);
        }
    }

    /// <summary>Writes a message, and sends it if nobody is sending.</summary>
    /// <typeparam name="TRequest">The message's type.</typeparam>
    /// <param name="request">The message; encoded before this returns.</param>
    /// <param name="id">Its id.</param>
    /// <param name="maxFrameBytes">The longest body that the server takes.</param>
    /// <param name="maxUnsentBytes">How much may wait to leave, this message included, unless it is alone.</param>
    /// <param name="bodyBytes">The length of its body.</param>
    public AppendResult Append<TRequest>(in TRequest request, uint id, int maxFrameBytes, int maxUnsentBytes, out int bodyBytes)
        where TRequest : struct, IRequest
    {
        lock (_lock)
        {
            bodyBytes = 0;
            if (_closed)
            {
                return AppendResult.Closed;
            }

            int written = RequestEncoder.Encode(_filling, request, id, framed: true);
            bodyBytes = written - LengthPrefixBytes;
            if (bodyBytes > maxFrameBytes)
            {
                return AppendResult.TooLarge;
            }

            if (_filling.Length > 0 && _filling.Length > maxUnsentBytes - written)
            {
                return AppendResult.Backlogged;
            }

            _filling.Advance(written);
            if (!TryTakeTurn())
            {
                return AppendResult.Appended;
            }
        }

        SendTurn();
        return AppendResult.Appended;
    }

    /// <summary>Begins to send, over a connected socket.</summary>
    /// <param name="socket">The socket.</param>
    public void Start(Socket socket)
    {
        lock (_lock)
        {
            _socket = socket;
            if (!TryTakeTurn())
            {
                return;
            }
        }

        SendTurn();
    }

    /// <summary>Sends nothing any more. The socket must be closed too, for a send under way to end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            if (_sending)
            {
                // The system may still read the buffer; whoever sends gives it back.
                return;
            }
        }

        Release();
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (CompleteSend())
        {
            SendTurn();
        }
    }

    // Under the lock.
    private bool TryTakeTurn()
    {
        if (_sending || _socket is null || _closed || _filling.Length == 0)
        {
            return false;
        }

        (_filling, _leaving) = (_leaving, _filling);
        _sent = 0;
        _sending = true;
        return true;
    }

    private void SendTurn()
    {
        for (int i = 0; i < SendsPerTurn; i++)
        {
            if (!TrySend(out bool isPending))
            {
                return;
            }

            if (isPending || !CompleteSend())
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static sender => sender.SendTurn(), this, preferLocal: false);
    }

    private bool TrySend(out bool isPending)
    {
        isPending = false;
        try
        {
            ReadOnlyMemory<byte> rest = _leaving.WrittenMemory[_sent..];
            SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(rest));
            isPending = _socket!.SendAsync(this);
            return true;
        }
        catch (ObjectDisposedException)
        {
            Fail(SocketError.OperationAborted);
            return false;
        }
    }

    // Whether there is more to send, and this thread goes on to send it.
    private bool CompleteSend()
    {
        if (SocketError != SocketError.Success)
        {
            Fail(SocketError);
            return false;
        }

        _sent += BytesTransferred;
        if (_sent < _leaving.Length)
        {
            return true;
        }

        lock (_lock)
        {
            _leaving.Reset();
            _sending = false;
            if (!_closed)
            {
                return TryTakeTurn();
            }
        }

        Release();
        return false;
    }

    private void Fail(SocketError error)
    {
        lock (_lock)
        {
            _closed = true;
            _sending = false;
        }

        Release();
        onFailed(error);
    }

    // Once: by the one who closes, or, if a send was under way then, by the one who sent.
    private void Release()
    {
        _filling.Dispose();
        _leaving.Dispose();
        Dispose();
    }
}
