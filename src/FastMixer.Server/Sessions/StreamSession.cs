using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Diagnostics;
using FastMixer.Server.Transports;

namespace FastMixer.Server.Sessions;

/// <summary>
/// One connection, from its first byte to its last. One thread at a time reads, answers what can be answered from memory, and sends all answers
/// of one read together; with inline completions that is the thread that polls the sockets, and nothing hops. Checks that wait for a backend
/// come back on another thread and write under the output's lock.
/// </summary>
internal sealed class StreamSession : IDisposable
{
    // After so many reads without waiting, others of the same polling thread get their turn.
    private const int ReadsPerTurn = 64;

    // What a client may still send after a fatal error, read and thrown away so that the error reaches it before the connection is reset.
    private const int MaxLingerBytes = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly ServerContext _context;
    private readonly SocketPipeReader _reader;
    private readonly SocketPipeWriter _writer;
    private readonly StreamRequests _requests;
    private readonly Lock _closing = new();
    private readonly long _opened;
    private long _lastRead;
    private long _reading;
    private long _ended;
    private int _closeReason;

    /// <summary>A session over an accepted socket, which it owns.</summary>
    public StreamSession(Socket socket, ServerContext context)
    {
        _socket = socket;
        _context = context;
        _reader = new SocketPipeReader(socket, context.Limits.MaxFrameBytes + sizeof(int));
        _writer = new SocketPipeWriter(socket);
        Output = new StreamOutput(_writer, context.Time);
        _requests = new StreamRequests(context, Output);
        _opened = _lastRead = context.Time.GetTimestamp();
    }

    /// <summary>Where answers go.</summary>
    public StreamOutput Output { get; }

    /// <summary>Why the session ended.</summary>
    public CloseReason CloseReason => (CloseReason)Volatile.Read(ref _closeReason);

    /// <summary>Serves the connection until it ends. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ServeAsync().ConfigureAwait(false);
            await _requests.WhenIdleAsync().ConfigureAwait(false);
            await Output.FlushAsync().ConfigureAwait(false);
            await LingerAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            Mark(CloseReason.Reset);
        }
#pragma warning disable CA1031 // A fault in one session must not reach the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Mark(CloseReason.Fault);
            ServerLog.SessionFaulted(_context.Logger, exception);
        }
        finally
        {
            await _requests.WhenIdleAsync().ConfigureAwait(false);
            Close();
            await Output.CloseAsync().ConfigureAwait(false);
            Dispose();
            _context.Counters.CountClosed(CloseReason);
        }
    }

    /// <summary>Tells the client that the server stops; the session ends when the client leaves, or at the grace's end.</summary>
    /// <param name="grace">How long the client has.</param>
    public async Task GoAwayAsync(TimeSpan grace)
    {
        lock (Output.Gate)
        {
            if (_requests.IsGreeted && !Output.IsBroken)
            {
                Output.WriteGoingAway(new GoingAway(grace, "the server stops"));
            }
        }

        await Output.FlushAsync().ConfigureAwait(false);
        if (!_requests.IsGreeted)
        {
            StopReading(CloseReason.Drained);
        }
    }

    /// <summary>Tells the client of another policy that has come into force, if it asked for that. Does not wait for a client that takes nothing.</summary>
    public void AnnouncePolicy()
    {
        lock (Output.Gate)
        {
            if (!Output.IsBroken)
            {
                _requests.AnnouncePolicy();
            }
        }

        _ = Output.FlushAsync().AsTask();
    }

    /// <summary>Ends reading; what was received is answered first.</summary>
    public void StopReading(CloseReason reason)
    {
        Mark(reason);
        TryShutdown(SocketShutdown.Receive);
    }

    /// <summary>Closes the connection if one of its times has passed, and lets go of what it need not keep.</summary>
    public void CheckDeadlines()
    {
        ProtocolLimits limits = _context.Limits;
        TimeProvider time = _context.Time;
        _requests.ReleaseReplaced();
        if (Volatile.Read(ref _reading) != 0)
        {
            _requests.Rest();
        }

        if (Output.Stalled > limits.SendTimeout)
        {
            Abort(CloseReason.SendTimeout);
        }
        else if (CloseReason != CloseReason.None)
        {
            // Lingering after the end: a client that neither reads nor leaves is not waited for.
            if (time.GetElapsedTime(Volatile.Read(ref _ended)) > limits.HelloTimeout)
            {
                Abort(CloseReason);
            }
        }
        else if (!_requests.IsGreeted && time.GetElapsedTime(_opened) > limits.HelloTimeout)
        {
            TimeOut(CloseReason.HelloTimeout, "no hello came in time (limit 10)");
        }
        else if (Volatile.Read(ref _reading) != 0 && time.GetElapsedTime(Volatile.Read(ref _lastRead)) > limits.IdleTimeout)
        {
            TimeOut(CloseReason.IdleTimeout, "nothing came for the idle time (limit 11); ping to keep a connection");
        }
    }

    /// <summary>Closes the connection at once.</summary>
    public void Abort(CloseReason reason)
    {
        Mark(reason);
        _socket.Dispose();
    }

    /// <summary>Gives socket and buffers back.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _reader.Complete();
        _writer.Complete();
        _requests.Dispose();
    }

    private async Task ServeAsync()
    {
        int turn = 0;
        while (CloseReason == CloseReason.None && !Output.IsBroken)
        {
            Volatile.Write(ref _reading, 1);
            ReadResult read = await _reader.ReadAsync().ConfigureAwait(false);
            NoteRead();
            ReadOnlySequence<byte> buffer = read.Buffer;
            bool goOn = Answer(ref buffer);
            _reader.AdvanceTo(buffer.Start, buffer.End);
            await Output.FlushAsync().ConfigureAwait(false);
            if (!goOn)
            {
                Mark(CloseReason.ProtocolError);
                return;
            }

            if (read.IsCompleted)
            {
                Mark(_reader.LastError == SocketError.Success ? CloseReason.ClosedByClient : CloseReason.Reset);
                return;
            }

            await _requests.WhenBelowLimitAsync().ConfigureAwait(false);
            if (++turn % ReadsPerTurn == 0)
            {
                await Task.Yield();
            }
        }
    }

    private void NoteRead()
    {
        Volatile.Write(ref _lastRead, _context.Time.GetTimestamp());
        Volatile.Write(ref _reading, 0);
    }

    // Every whole frame of one read, under the lock once.
    private bool Answer(ref ReadOnlySequence<byte> buffer)
    {
        lock (Output.Gate)
        {
            _requests.Admission.BeginRead(_reader, _lastRead);
            while (true)
            {
                FrameResult found = FrameReader.TryRead(ref buffer, _context.Limits.MaxFrameBytes, out ReadOnlySequence<byte> body, out uint length);
                switch (found)
                {
                    case FrameResult.Incomplete:
                        return true;
                    case FrameResult.Complete when _requests.TryHandle(body):
                        continue;
                    case FrameResult.Complete:
                        return false;
                    default:
                        RejectFrame(found, length);
                        return false;
                }
            }
        }
    }

    private void RejectFrame(FrameResult found, uint length)
    {
        if (found == FrameResult.Empty)
        {
            _requests.WriteError(0, ErrorCode.Malformed, "a frame of length 0 holds no message");
        }
        else
        {
            _requests.WriteError(
                0, ErrorCode.FrameTooLarge, $"a frame of {length} bytes is above the limit of {_context.Limits.MaxFrameBytes} (limit 1)");
        }
    }

    private async ValueTask LingerAsync()
    {
        TryShutdown(SocketShutdown.Send);
        long thrownAway = 0;
        while (CloseReason == CloseReason.ProtocolError && thrownAway < MaxLingerBytes)
        {
            ReadResult read = await _reader.ReadAsync().ConfigureAwait(false);
            thrownAway += read.Buffer.Length;
            _reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private void TimeOut(CloseReason reason, string text)
    {
        lock (Output.Gate)
        {
            if (!Output.IsBroken)
            {
                _requests.WriteError(0, ErrorCode.Timeout, text);
            }
        }

        // The text is short and the client idle: it leaves at once, or the client is gone.
        _ = Output.FlushAsync().AsTask();
        StopReading(reason);
    }

    private void Mark(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            Volatile.Write(ref _ended, _context.Time.GetTimestamp());
            Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)CloseReason.None);
        }
    }

    // A socket that is closed while another thread is in a call on it resets the connection, and what was sent last is lost.
    private void Close()
    {
        lock (_closing)
        {
            _socket.Dispose();
        }
    }

    private void TryShutdown(SocketShutdown how)
    {
        try
        {
            lock (_closing)
            {
                _socket.Shutdown(how);
            }
        }
        catch (SocketException)
        {
            // The client has gone already: there is nothing left to shut down.
        }
        catch (ObjectDisposedException)
        {
            // The session ended between the look and the call.
        }
    }
}
