using System.Net.Sockets;
using FastMixer.Client.Calls;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Channels;

/// <summary>
/// Calls by datagram, over a socket that is connected so that only the server's datagrams come in. A call's datagram is sent again, the very
/// same bytes, until an answer comes or its attempts are used up. Who can forge the server's address can send anything, so nothing
/// that comes in ends more than the call it answers.
/// </summary>
internal sealed class DatagramChannel : Channel, IAnswerSink
{
    private const int MaxUdpBytes = 65_536;

    // A socket that fails over and over without receiving anything in between is given up.
    private const int MaxErrorsInRow = 100;

    private readonly Lock _repeating = new();
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(MaxUdpBytes, pinned: true);
    private readonly byte[] _repeated = GC.AllocateUninitializedArray<byte>(ProtocolLimits.Default.MaxDatagramBytes, pinned: true);
    private int _lastError;
    private long _policyAsked;

    public DatagramChannel(ClientContext context)
        : base(context)
    {
    }

    private int MaxDatagramBytes => Math.Min(
        ProtocolLimits.Default.MaxDatagramBytes, (Welcome?.Limits ?? ProtocolLimits.Default).MaxDatagramBytes);

    /// <summary>Makes a call.</summary>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <param name="call">Waits for the answer.</param>
    /// <param name="request">What to send; encoded before this returns.</param>
    /// <returns>False if the socket is closed, and the call must go to another one. Else the call waits, or has failed.</returns>
    public bool TryStart<TRequest>(PendingCall call, in TRequest request)
        where TRequest : struct, IRequest
    {
        // The caller has no task yet, so until the end of this method the call can't be in other use, whoever completes it.
        AddResult added = Add(call);
        if (added != AddResult.Added)
        {
            return added != AddResult.Closed;
        }

        PooledBuffer datagram = call.Datagram ??= new PooledBuffer();
        try
        {
            Encode(datagram, request, call.Id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (Calls.TryRemove(call))
            {
                call.Fail(exception);
            }

            return true;
        }

        Socket? socket = Socket;
        if (socket is null)
        {
            // Due at once: it leaves when the address is known, which may have been while this call was not in sight yet.
            Calls.Schedule(call, attempts: 0, call.Started);
            SendDue(call.Started);
        }
        else
        {
            Calls.Schedule(call, attempts: 1, call.Started + ((call.Deadline - call.Started) / Context.Options.DatagramAttempts));
            Send(socket, datagram.Written);
        }

        return true;
    }

    /// <inheritdoc/>
    string? IAnswerSink.OnWelcome(uint id, Welcome welcome)
    {
        // Only one that was asked for counts: whoever forges the server's address could tell limits of his own.
        switch (Calls.Take(id, out PendingCall<Welcome>? call))
        {
            case TakeResult.Taken:
                NotePolicy(call!, welcome.Policy);
                AcceptWelcome(welcome);
                call!.Succeed(welcome);
                return null;
            case TakeResult.Late:
                Context.Counters.AddLateAnswer();
                return null;
            default:
                return "a welcome answers no hello";
        }
    }

    /// <inheritdoc/>
    ulong IAnswerSink.UntoldPolicy => 0;

    /// <inheritdoc/>
    Verdict IAnswerSink.OnVerdict(PendingCall<Verdict> call, Verdict verdict)
    {
        NotePolicy(call, verdict.Policy);
        return verdict;
    }

    /// <inheritdoc/>
    void IAnswerSink.OnPolicyChanged(ulong policy)
    {
        // No server announces by datagram: each verdict tells.
    }

    /// <inheritdoc/>
    void IAnswerSink.OnError(uint id, ErrorMessage error)
    {
        if (Calls.Take(id) is { } call)
        {
            call.Fail(ErrorTexts.ToException(error));
        }
        else
        {
            Context.Counters.AddLateAnswer();
        }
    }

    /// <inheritdoc/>
    void IAnswerSink.OnPing(uint id)
    {
        // No server begins to talk by datagram.
    }

    /// <inheritdoc/>
    void IAnswerSink.OnGoingAway()
    {
        // There is no connection to leave.
    }

    /// <inheritdoc/>
    protected override TimeSpan SweepPeriod
    {
        get
        {
            TimeSpan usual = base.SweepPeriod;
            TimeSpan fine = Context.Options.Timeout / Context.Options.DatagramAttempts / 8;
            return fine < usual && fine >= TimeSpan.FromMilliseconds(1) ? fine : usual;
        }
    }

    /// <inheritdoc/>
    protected override MixerException TimeoutException(PendingCall call)
    {
        var error = (SocketError)Volatile.Read(ref _lastError);
        return error == SocketError.Success
            ? base.TimeoutException(call)
            : new MixerUnavailableException(
                $"Nothing answers at {Context.Options.Server}: {ChannelFault.Describe(error)}. Does a FastMixer server listen there?",
                new SocketException((int)error));
    }

    /// <inheritdoc/>
    protected override void OnSweep(long now) => SendDue(now);

    /// <inheritdoc/>
    protected override void CloseSocket(Socket? socket) => socket?.Dispose();

    /// <inheritdoc/>
    protected override ChannelFault Describe(Exception cause) => new($"Cannot reach {Context.Options.Server}: {cause.Message}.", cause);

    /// <inheritdoc/>
    protected override async Task ServeAsync(Socket socket)
    {
        socket.Blocking = false;
        Context.Backoff.Succeed();
        SendDue(Context.Clock.GetTimestamp());
        await ReceiveAsync(socket).ConfigureAwait(false);
    }

    // Datagrams overtake each other: what was asked last is the newest, whenever it is answered. What does not fit an answer is not told.
    private void NotePolicy(PendingCall call, ulong policy)
    {
        if (policy != 0 && (Policy == 0 || call.Started - _policyAsked >= 0))
        {
            _policyAsked = call.Started;
            AcceptPolicy(policy);
        }
    }

    private void Encode<TRequest>(PooledBuffer datagram, in TRequest request, uint id)
        where TRequest : struct, IRequest
    {
        datagram.Reset();
        datagram.Advance(RequestEncoder.Encode(datagram, request, id, framed: false));
        if (datagram.Length > MaxDatagramBytes)
        {
            throw new MixerException(
                $"The request takes {datagram.Length} bytes, and a datagram to {Context.Options.Server} holds {MaxDatagramBytes} at most "
                + "(limit 2): send less at once, or use a stream, tcp:// or unix://.")
            {
                Reason = MixerFailure.TooLarge,
            };
        }

        int padding = Math.Min(Context.Options.DatagramPadding, MaxDatagramBytes) - datagram.Length;
        if (padding > 0)
        {
            datagram.GetSpan(padding)[..padding].Clear();
            datagram.Advance(padding);
        }
    }

    private void SendDue(long now)
    {
        Socket? socket = Socket;
        if (socket is null)
        {
            return;
        }

        // The first datagrams after connecting, and the sweep, may come here at once.
        lock (_repeating)
        {
            int slot = 0;
            while (Calls.TryCopyDue(
                ref slot, now, Context.Options.DatagramAttempts, _repeated, out int length, out bool isRepetition))
            {
                if (isRepetition)
                {
                    Context.Counters.AddRetransmission();
                }

                Send(socket, _repeated.AsSpan(0, length));
            }
        }
    }

    // What can't leave now is as good as lost on the way: the next attempt may do better.
    private void Send(Socket socket, ReadOnlySpan<byte> datagram)
    {
        try
        {
            socket.Send(datagram, SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable))
            {
                Volatile.Write(ref _lastError, (int)error);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, which fails the calls.
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        int errors = 0;
        while (!IsClosed)
        {
            int received;
            try
            {
                received = await socket.ReceiveAsync(_received.AsMemory(), SocketFlags.None).ConfigureAwait(false);
            }
            catch (SocketException exception) when (!IsClosed && ++errors < MaxErrorsInRow)
            {
                // Such as the system's word that nobody listens: the server may be back before the attempts are used up.
                Volatile.Write(ref _lastError, (int)exception.SocketErrorCode);
                continue;
            }

            errors = 0;
            Volatile.Write(ref _lastError, (int)SocketError.Success);
            if (AnswerReader.Read(_received.AsSpan(0, received), Context, Calls, this) is not null)
            {
                Context.Counters.AddMalformedAnswer();
            }
        }
    }
}
