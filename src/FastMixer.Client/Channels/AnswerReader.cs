using FastMixer.Client.Calls;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Channels;

/// <summary>What a channel does with the messages that complete no call by themselves.</summary>
internal interface IAnswerSink
{
    /// <summary>Takes a welcome.</summary>
    /// <param name="id">The hello's id.</param>
    /// <param name="welcome">The welcome.</param>
    /// <returns>What is wrong with it; null if nothing.</returns>
    string? OnWelcome(uint id, Welcome welcome);

    /// <summary>The policy that a verdict is of which does not tell; 0 if that is not known.</summary>
    ulong UntoldPolicy { get; }

    /// <summary>Looks at a verdict before the one who asked for it gets it.</summary>
    /// <param name="call">The call that it answers.</param>
    /// <param name="verdict">The verdict.</param>
    /// <returns>What to answer the call with.</returns>
    Verdict OnVerdict(PendingCall<Verdict> call, Verdict verdict);

    /// <summary>Takes a server's word that its verdicts are those of another policy from now on.</summary>
    /// <param name="policy">The policy's digest.</param>
    void OnPolicyChanged(ulong policy);

    /// <summary>Takes an error.</summary>
    /// <param name="id">The id of the message it answers, or 0.</param>
    /// <param name="error">The error.</param>
    void OnError(uint id, ErrorMessage error);

    /// <summary>Takes a server's ping.</summary>
    /// <param name="id">To be answered with.</param>
    void OnPing(uint id);

    /// <summary>Takes a server's word that it stops.</summary>
    void OnGoingAway();
}

/// <summary>
/// Reads what a server sends, which is not trusted: a message is read whole before any call is taken for it, so that a broken one
/// costs nobody an answer by itself.
/// </summary>
internal static class AnswerReader
{
    /// <summary>Reads one message, and completes the call that it answers.</summary>
    /// <param name="body">The message.</param>
    /// <param name="context">For the clock and the counters.</param>
    /// <param name="calls">The calls in flight.</param>
    /// <param name="sink">Takes what completes no call.</param>
    /// <returns>How the message breaks the protocol; null if it does not.</returns>
    public static string? Read(ReadOnlySpan<byte> body, ClientContext context, PendingCalls calls, IAnswerSink sink)
    {
        var reader = new WireReader(body);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header))
        {
            return reader.Fault.ToString();
        }

        switch (header.Kind)
        {
            case MessageKind.Verdict:
                return Verdict.TryRead(ref reader, header, ClientContext.OwnWordCount, out Verdict? verdict, sink.UntoldPolicy)
                    ? CompleteCheck(header, verdict!, context, calls, sink)
                    : reader.Fault.ToString();
            case MessageKind.Acknowledgement:
                return Acknowledgement.TryRead(ref reader, header, out Acknowledgement acknowledgement)
                    ? Complete(header, acknowledgement, context, calls)
                    : reader.Fault.ToString();
            case MessageKind.Pong:
                return header.TryReadEnd(ref reader, known: 0, padded: true)
                    ? CompletePing(header, context, calls)
                    : reader.Fault.ToString();
            default:
                return ReadControl(ref reader, header, sink);
        }
    }

    private static string? Complete<T>(MessageHeader header, T answer, ClientContext context, PendingCalls calls)
    {
        TakeResult result = calls.Take(header.Id, out PendingCall<T>? call);
        if (result == TakeResult.Taken)
        {
            call!.Succeed(answer);
        }

        return Judge(result, header, context);
    }

    private static string? CompleteCheck(MessageHeader header, Verdict verdict, ClientContext context, PendingCalls calls, IAnswerSink sink)
    {
        TakeResult result = calls.Take(header.Id, out PendingCall<Verdict>? call);
        if (result == TakeResult.Taken)
        {
            call!.Succeed(sink.OnVerdict(call, verdict));
        }

        return Judge(result, header, context);
    }

    private static string? CompletePing(MessageHeader header, ClientContext context, PendingCalls calls)
    {
        TakeResult result = calls.Take(header.Id, out PendingCall<TimeSpan>? call);
        if (result == TakeResult.Taken)
        {
            call!.Succeed(context.Clock.GetElapsedTime(call.Started));
        }

        return Judge(result, header, context);
    }

    private static string? Judge(TakeResult result, MessageHeader header, ClientContext context)
    {
        if (result == TakeResult.Late)
        {
            context.Counters.AddLateAnswer();
        }

        return result == TakeResult.WrongKind
            ? $"a message of kind {(int)header.Kind} answers request {header.Id}, which asked for another kind"
            : null;
    }

    private static string? ReadControl(ref WireReader reader, MessageHeader header, IAnswerSink sink)
    {
        switch (header.Kind)
        {
            case MessageKind.Welcome:
                return Welcome.TryRead(ref reader, header, out Welcome? welcome)
                    ? sink.OnWelcome(header.Id, welcome!)
                    : reader.Fault.ToString();
            case MessageKind.Error when ErrorMessage.TryRead(ref reader, header, out ErrorMessage? error):
                sink.OnError(header.Id, error!);
                return null;
            case MessageKind.Ping when header.TryReadEnd(ref reader, known: 0, padded: true):
                sink.OnPing(header.Id);
                return null;
            case MessageKind.GoingAway when GoingAway.TryRead(ref reader, header, out _):
                sink.OnGoingAway();
                return null;
            case MessageKind.PolicyChanged when PolicyChanged.TryRead(ref reader, header, out PolicyChanged changed):
                sink.OnPolicyChanged(changed.Policy);
                return null;
            case MessageKind.Error or MessageKind.Ping or MessageKind.GoingAway or MessageKind.PolicyChanged:
                return reader.Fault.ToString();
            default:
                return $"a server sends no message of kind {(int)header.Kind}";
        }
    }
}
