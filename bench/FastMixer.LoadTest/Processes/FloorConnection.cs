using System.Net.Sockets;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// One stream of the floor: a loop over two reused <see cref="SocketAsyncEventArgs"/> that goes on while calls complete at once, and
/// is resumed on the polling thread when one does not. All answers to one read leave in one write. One thread at a time.
/// </summary>
internal sealed class FloorConnection
{
    private const int ReceiveBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly int _requestBytes;
    private readonly int _answerBytes;
    private readonly byte[] _answers;
    private readonly SocketAsyncEventArgs _receive = new(unsafeSuppressExecutionContextFlow: true);
    private readonly SocketAsyncEventArgs _send = new(unsafeSuppressExecutionContextFlow: true);
    private int _carried;

    /// <summary>Takes over an accepted socket.</summary>
    public FloorConnection(Socket socket, int requestBytes, byte[] answer)
    {
        _socket = socket;
        _requestBytes = requestBytes;
        _answerBytes = answer.Length;
        _receive.SetBuffer(GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true), 0, ReceiveBytes);
        _receive.Completed += (_, _) => Resume(received: true);

        // One read completes at most this many requests: a buffer full, and the one begun before.
        _answers = GC.AllocateUninitializedArray<byte>(((ReceiveBytes / requestBytes) + 1) * answer.Length, pinned: true);
        for (var offset = 0; offset < _answers.Length; offset += answer.Length)
        {
            answer.CopyTo(_answers, offset);
        }

        _send.Completed += (_, _) => Resume(received: false);
    }

    /// <summary>Begins to serve.</summary>
    public void Start() => Resume(received: null);

    /// <summary>Goes on after a receive (true), after a send (false), or from the start (null).</summary>
    private void Resume(bool? received)
    {
        while (true)
        {
            if (received is true)
            {
                if (!TryTake(out var answers))
                {
                    Close();
                    return;
                }

                if (answers > 0)
                {
                    _send.SetBuffer(_answers, 0, answers * _answerBytes);
                    if (_socket.SendAsync(_send))
                    {
                        return;
                    }

                    received = false;
                }
            }

            if (received is false && _send.SocketError is not SocketError.Success)
            {
                Close();
                return;
            }

            if (_socket.ReceiveAsync(_receive))
            {
                return;
            }

            received = true;
        }
    }

    private bool TryTake(out int requests)
    {
        _carried += _receive.BytesTransferred;
        requests = Math.DivRem(_carried, _requestBytes, out _carried);
        return _receive.SocketError is SocketError.Success && _receive.BytesTransferred > 0;
    }

    private void Close()
    {
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
    }
}
