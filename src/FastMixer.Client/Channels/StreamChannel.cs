using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using FastMixer.Client.Calls;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Channels;

/// <summary>
/// A connection over TCP or a Unix domain socket. The hello leaves first, and requests behind it without waiting for the welcome
/// (protocol.md, section 2).
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Close, which every connection meets once, closes the sender.")]
internal sealed class StreamChannel : Channel, IAnswerSink
{
    // A server's pings are answered only while hardly anything is unsent, so that they can't make memory grow.
    private const int MaxUnsentForPong = 64 * 1024;

    private readonly ReceiveBuffer _buffer = new();
    private readonly StreamSender _sender;
    private readonly long _connectPatience;
    private readonly long _silencePatience;
    private long _connectDeadline = long.MaxValue;
    private long _waitingSince;

    public StreamChannel(ClientContext context)
        : base(context)
    {
        _sender = new StreamSender(OnSendFailed);
        _sender.AppendFrames(context.Hello.Span);
        _connectPatience = context.ToTimestamps(context.Options.ConnectTimeout);
        _silencePatience = Math.Max(3 * context.ToTimestamps(context.Options.Timeout), context.ToTimestamps(TimeSpan.FromSeconds(3)));
    }

    /// <inheritdoc/>
    protected override bool NeedsSweep =>
        Volatile.Read(ref _waitingSince) != 0 || (Welcome is null && Volatile.Read(ref _connectDeadline) != long.MaxValue);

    private int MaxFrameBytes => (Welcome?.Limits ?? ProtocolLimits.Default).MaxFrameBytes;

    /// <summary>Makes a call on this connection.</summary>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <param name="call">Waits for the answer.</param>
    /// <param name="request">What to send; encoded before this returns.</param>
    /// <returns>False if the connection has ended, and the call must go to another one. Else the call waits, or has failed.</returns>
    public bool TryStart<TRequest>(PendingCall call, in TRequest request)
        where TRequest : struct, IRequest
    {
        AddResult added = Add(call);
        if (added != AddResult.Added)
        {
            return added != AddResult.Closed;
        }

        if (Volatile.Read(ref _waitingSince) == 0)
        {
            Interlocked.CompareExchange(ref _waitingSince, call.Started, 0);
        }

        try
        {
            AppendResult result = _sender.Append(request, call.Id, MaxFrameBytes, StreamSender.MaxUnsentBytes, out int bodyBytes);
            if (result is AppendResult.TooLarge or AppendResult.Backlogged && Calls.TryRemove(call))
            {
                call.Fail(result == AppendResult.TooLarge ? TooLarge(bodyBytes) : Backlogged());
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the caller gave could not be written, such as attributes that are disposed: only this call is concerned.
            if (Calls.TryRemove(call))
            {
                call.Fail(exception);
            }
        }

        return true;
    }

    /// <summary>Lets the connection end once its last answer has come.</summary>
    public void Drain()
    {
        if (IsGoingAway && Calls.TryCloseEmpty())
        {
            Close(new ChannelFault($"{Context.Options.Server} is going away.", IsWanted: true));
        }
    }

    /// <inheritdoc/>
    string? IAnswerSink.OnWelcome(uint id, Welcome welcome)
    {
        if (id != ClientContext.HelloId || Welcome is not null)
        {
            return "a welcome answers no hello";
        }

        if (welcome.Version != MessageHeader.Version)
        {
            return $"the server chose version {welcome.Version}, and this client speaks {MessageHeader.Version}";
        }

        AcceptPolicy(welcome.Policy);
        AcceptWelcome(welcome);
        return null;
    }

    /// <inheritdoc/>
    ulong IAnswerSink.UntoldPolicy => Policy;

    /// <inheritdoc/>
    Verdict IAnswerSink.OnVerdict(PendingCall<Verdict> call, Verdict verdict) =>
        call.Announcements == Announcements
            ? verdict
            : verdict with { Policy = 0, ValidDuration = TimeSpan.Zero, ValidUseCount = 0 }; // Of the policy before, or the one now: nobody knows.

    /// <inheritdoc/>
    void IAnswerSink.OnPolicyChanged(ulong policy) => AcceptAnnouncement(policy);

    /// <inheritdoc/>
    void IAnswerSink.OnError(uint id, ErrorMessage error)
    {
        bool isFatal = id is 0 or ClientContext.HelloId || error.Code.IsFatal();
        PendingCall? call = Calls.Take(id);
        call?.Fail(ErrorTexts.ToException(error));
        if (isFatal)
        {
            MixerErrorException cause = ErrorTexts.ToException(error);
            Close(new ChannelFault($"{Context.Options.Server} closed the connection: {cause.Message}", cause));
        }
        else if (call is null)
        {
            Context.Counters.AddLateAnswer();
        }
    }

    /// <inheritdoc/>
    void IAnswerSink.OnPing(uint id) =>
        _sender.Append(new PingMessage(MessageKind.Pong), id, MaxFrameBytes, MaxUnsentForPong, out _);

    /// <inheritdoc/>
    void IAnswerSink.OnGoingAway() => AcceptGoingAway();

    /// <inheritdoc/>
    protected override void OnConnecting()
    {
        Volatile.Write(ref _connectDeadline, Context.Clock.GetTimestamp() + _connectPatience);
        ArmSweep();
    }

    /// <inheritdoc/>
    protected override void OnSweep(long now)
    {
        Drain();
        if (Welcome is null && now >= Volatile.Read(ref _connectDeadline))
        {
            string phase = Socket is null ? "it takes no connection" : "it took the connection, but sent no welcome";
            Close(new ChannelFault(
                $"Cannot connect to {Context.Options.Server}: {phase} within {Context.Options.ConnectTimeout.TotalMilliseconds} ms. "
                + "Is it a FastMixer server?"));
        }

        long since = Volatile.Read(ref _waitingSince);
        if (since != 0 && now - since >= _silencePatience)
        {
            Close(new ChannelFault(
                $"The connection to {Context.Options.Server} was lost: not a byte came for "
                + $"{Context.Clock.GetElapsedTime(since, now).TotalMilliseconds:0} ms while requests waited."));
        }
    }

    /// <inheritdoc/>
    protected override void CloseSocket(Socket? socket)
    {
        _sender.Close();
        try
        {
            // Goodbye: the server sees the end of the stream, not a reset.
            socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side was first.
        }

        socket?.Dispose();
    }

    /// <inheritdoc/>
    protected override ChannelFault Describe(Exception cause) => Socket is null
        ? new ChannelFault($"Cannot connect to {Context.Options.Server}: {cause.Message}. Does a FastMixer server listen there?", cause)
        : new ChannelFault($"The connection to {Context.Options.Server} was lost: {cause.Message}.", cause);

    /// <inheritdoc/>
    protected override async Task ServeAsync(Socket socket)
    {
        _sender.Start(socket);
        while (true)
        {
            int received = await socket.ReceiveAsync(_buffer.GetRoom(), SocketFlags.None).ConfigureAwait(false);
            if (received == 0)
            {
                Close(new ChannelFault(
                    Welcome is null
                        ? $"Cannot connect to {Context.Options.Server}: it closed the connection without a welcome. Is it a FastMixer server?"
                        : $"The connection to {Context.Options.Server} was lost: the server closed it.",
                    IsWanted: IsGoingAway));
                return;
            }

            _buffer.Advance(received);
            if (ReadFrames() is { } problem)
            {
                Context.Counters.AddMalformedAnswer();
                Close(new ChannelFault($"{Context.Options.Server} broke the protocol, so the connection was closed: {problem}."));
            }

            if (IsClosed)
            {
                return;
            }

            Drain();

            // While something waits, silence is counted from here. Zero means that nothing waits.
            Volatile.Write(ref _waitingSince, Calls.Count > 0 ? Math.Max(Context.Clock.GetTimestamp(), 1) : 0);
        }
    }

    private string? ReadFrames()
    {
        string? problem;
        while (_buffer.TryTakeFrame(out ReadOnlySpan<byte> body, out problem))
        {
            problem = AnswerReader.Read(body, Context, Calls, this);
            if (problem is not null || IsClosed)
            {
                return problem;
            }
        }

        return problem;
    }

    private void OnSendFailed(SocketError error) => Close(Describe(new SocketException((int)error)));

    private MixerException TooLarge(int bodyBytes) => new(
        $"The request takes {bodyBytes} bytes, and {Context.Options.Server} takes {MaxFrameBytes} at most (limit 1): send less at once.")
    {
        Reason = MixerFailure.TooLarge,
    };

    private MixerUnavailableException Backlogged() => new(
        $"{Context.Options.Server} does not take requests: {StreamSender.MaxUnsentBytes} bytes wait to leave already.")
    {
        Reason = MixerFailure.NotSent,
    };
}
