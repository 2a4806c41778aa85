using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using FastMixer.Engine.Checks;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Transports;

namespace FastMixer.Server.Sessions;

/// <summary>
/// Where a session's answers gather until they leave together. Members that write must be called under <see cref="Gate"/>, which the
/// reading thread holds once for all answers of one read, and a late answer for its own; <see cref="FlushAsync"/> must be called outside it.
/// </summary>
internal sealed class StreamOutput(SocketPipeWriter writer, TimeProvider time)
{
    // An answer is seldom longer; one that is gets a second try with more room.
    private const int UsualAnswerBytes = 512;
    private const int GreatestAnswerBytes = 16 * 1024 * 1024;

    // Beyond this the session stops reading until its client has taken some answers.
    private const int MaxUnsentBytes = 1024 * 1024;

    private bool _flushing;
    private TaskCompletionSource? _flushed;
    private long _flushStarted;

    /// <summary>Held while writing.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether nothing can be sent any more: the client is gone, or the session has ended. Nothing must be written then.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How long the client has not taken what is being sent; zero when nothing is.</summary>
    public TimeSpan Stalled
    {
        get
        {
            long started = Volatile.Read(ref _flushStarted);
            return started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);
        }
    }

    /// <summary>Writes a verdict.</summary>
    /// <param name="call">The answered check.</param>
    /// <param name="id">Its id.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    public void WriteVerdict(CheckCall call, uint id, int wordCount)
    {
        for (int room = UsualAnswerBytes; room <= GreatestAnswerBytes; room *= 2)
        {
            var message = new WireWriter(writer.GetSpan(room), framed: true);
            call.WriteVerdict(ref message, id, wordCount, VerdictParts.All);
            if (TryTake(message))
            {
                return;
            }
        }

        WriteError(id, ErrorCode.Internal, "the verdict is longer than any answer may be"u8);
    }

    /// <summary>Writes an acknowledgement.</summary>
    public void WriteAcknowledgement(Acknowledgement acknowledgement, uint id)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes), framed: true);
        acknowledgement.Write(ref message, id);
        Take(message);
    }

    /// <summary>Writes a welcome.</summary>
    public void WriteWelcome(Welcome welcome, uint id)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes * 4), framed: true);
        welcome.Write(ref message, id);
        Take(message);
    }

    /// <summary>Writes a pong.</summary>
    public void WritePong(uint id)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes), framed: true);
        Ping.Write(ref message, MessageKind.Pong, id);
        Take(message);
    }

    /// <summary>Writes that the server stops soon.</summary>
    public void WriteGoingAway(GoingAway goingAway)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes * 4), framed: true);
        goingAway.Write(ref message);
        Take(message);
    }

    /// <summary>Writes that verdicts are those of another policy from now on.</summary>
    public void WritePolicyChanged(PolicyChanged changed)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes), framed: true);
        changed.Write(ref message);
        Take(message);
    }

    /// <summary>Writes an error.</summary>
    public void WriteError(uint id, ErrorCode code, ReadOnlySpan<byte> text)
    {
        var message = new WireWriter(writer.GetSpan(UsualAnswerBytes + text.Length), framed: true);
        ErrorMessage.Write(ref message, id, code, text);
        Take(message);
    }

    /// <summary>
    /// Sends what is written. Where another flush is under way, that one takes it along; the caller waits for it only if very much is unsent.
    /// </summary>
    public ValueTask FlushAsync()
    {
        lock (Gate)
        {
            if (writer.UnflushedBytes == 0 || IsBroken)
            {
                return default;
            }

            if (_flushing)
            {
                return writer.UnflushedBytes < MaxUnsentBytes ? default : new ValueTask((_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            }

            _flushing = true;
            writer.Swap();
        }

        return SendAsync();
    }

    /// <summary>Sends nothing any more. Completes when a flush that is under way has ended; the socket must be closed, so that it does.</summary>
    public Task CloseAsync()
    {
        lock (Gate)
        {
            IsBroken = true;
            return _flushing ? (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync()
    {
        bool more = true;
        while (more)
        {
            ValueTask<FlushResult> sent = writer.FlushAsync();
            bool waits = !sent.IsCompletedSuccessfully;
            if (waits)
            {
                // Only a client that does not take its answers makes a send wait.
                Volatile.Write(ref _flushStarted, time.GetTimestamp());
            }

            bool broken = (await sent.ConfigureAwait(false)).IsCompleted;
            if (waits)
            {
                Volatile.Write(ref _flushStarted, 0);
            }

            more = TakeNext(broken);
        }
    }

    private bool TakeNext(bool broken)
    {
        TaskCompletionSource? flushed = null;
        bool more;
        lock (Gate)
        {
            IsBroken |= broken;
            more = !IsBroken && writer.UnflushedBytes > 0;
            if (more)
            {
                writer.Swap();
            }
            else
            {
                _flushing = false;
                (flushed, _flushed) = (_flushed, null);
            }
        }

        flushed?.TrySetResult();
        return more;
    }

    private bool TryTake(in WireWriter message)
    {
        bool fits = message.TryComplete(out int written);
        writer.Advance(written);
        return fits;
    }

    private void Take(in WireWriter message)
    {
        if (!TryTake(message))
        {
            throw new InvalidOperationException("An answer outgrew the room kept for it.");
        }
    }
}
