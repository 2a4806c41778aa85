using System.Net;
using System.Text;
using FastMixer.Engine.Checks;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using FastMixer.Server.Overload;

namespace FastMixer.Server.Sessions;

/// <summary>
/// One datagram and its answer (protocol.md, section 8). Reused: <see cref="Received"/>, <see cref="HandleAsync"/>, send <see cref="Answer"/> to
/// <see cref="Sender"/>. The answer is never longer than what came. Belongs to one datagram at a time.
/// </summary>
internal sealed class DatagramExchange(ServerContext context, SocketAddress sender) : IDisposable
{
    // One byte more than allowed, so that a longer datagram is seen to be longer.
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(context.Limits.MaxDatagramBytes + 1, pinned: true);
    private readonly byte[] _answer = GC.AllocateUninitializedArray<byte>(context.Limits.MaxDatagramBytes, pinned: true);
    private readonly CheckCall _call = context.Engine.Calls.Get();
    private int _length;
    private int _answerLength;

    /// <summary>Who sent it, filled in by the socket.</summary>
    public SocketAddress Sender { get; } = sender;

    /// <summary>Where the socket puts the datagram.</summary>
    public Memory<byte> Received => _received;

    /// <summary>What to send back; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Answer => _answer.AsMemory(0, _answerLength);

    /// <summary>Makes the answer.</summary>
    /// <param name="length">How many bytes came.</param>
    /// <param name="queue">Where it has waited; null if nothing is shed.</param>
    /// <returns>Completes when <see cref="Answer"/> is made: at once, without allocation, if every handler answers from memory.</returns>
    public ValueTask HandleAsync(int length, DatagramQueue? queue)
    {
        _length = length;
        _answerLength = 0;
        if (length is < ProtocolLimits.MinDatagramBytes || length > context.Limits.MaxDatagramBytes)
        {
            context.Counters.CountDatagramDropped();
            return default;
        }

        context.Overload.NoteActivity();
        if (context.Overload.Standing > 0 && queue is not null && TryShed(queue))
        {
            return default;
        }

        _call.Begin(context.Engine);
        ValueTask handled = Handle();
        if (handled.IsCompleted)
        {
            // A check gives its lease back itself; other messages need it no longer than this.
            _call.End();
        }

        return handled;
    }

    /// <summary>Gives what is pooled back.</summary>
    public void Dispose() => context.Engine.Calls.Return(_call);

    private ValueTask Handle()
    {
        WireReader reader = _call.Load(_received.AsSpan(0, _length), inherited: null);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header))
        {
            return Reject(header.Id, reader.Fault);
        }

        switch (header.Kind)
        {
            case MessageKind.Check:
                return Check(ref reader, header);
            case MessageKind.Report:
                return Report(ref reader, header);
            case MessageKind.Hello:
                return Greet(ref reader, header);
            case MessageKind.Ping:
                return header.TryReadEnd(ref reader, 0, padded: true) ? Pong(header.Id) : Reject(header.Id, reader.Fault);
            default:
                return Error(
                    header.Id,
                    ErrorCode.UnknownKind,
                    $"a client sends hello (1), check (3), report (5) or ping (7) by datagram, not {(int)header.Kind}");
        }
    }

    // Before anything is decoded; pings and hellos are always answered.
    private bool TryShed(DatagramQueue queue)
    {
        var reader = new WireReader(_received.AsSpan(0, _length));
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header) || header.Kind is not (MessageKind.Check or MessageKind.Report))
        {
            return false;
        }

        long now = context.Time.GetTimestamp();
        if (!queue.Sheds(now) && !context.Overload.Sheds(now))
        {
            return false;
        }

        return header.Kind == MessageKind.Check ? ShedCheck(header) : TryShedReport(ref reader, header);
    }

    private bool ShedCheck(MessageHeader header)
    {
        context.Overload.CountShedCheck();
        WriteError(header.Id, ErrorCode.Overloaded, Refusal.Overloaded);
        return true;
    }

    private bool TryShedReport(ref WireReader reader, MessageHeader header)
    {
        if (!ReportReader.TryStart(ref reader, header, context.Limits, WordList.Version1Count, padded: true, out ReportReader records))
        {
            return false;
        }

        context.Overload.CountShedReport();
        Acknowledge(context.Engine.Reports.Refuse(records.Count), header.Id);
        return true;
    }

    private ValueTask Check(ref WireReader reader, MessageHeader header)
    {
        if (!_call.Request.TryRead(ref reader, header, context.Limits, WordList.Version1Count, padded: true))
        {
            return Reject(header.Id, reader.Fault);
        }

        _call.MaxAnswerBytes = _length;
        if (_call.Request.Patience > TimeSpan.Zero)
        {
            _call.Deadline = CheckDeadline.After(context.Time.GetTimestamp(), _call.Request.Patience, context.Time);
        }

        ValueTask answered = context.Engine.CheckAsync(_call);
        if (!answered.IsCompletedSuccessfully)
        {
            return AnswerLaterAsync(answered, header.Id);
        }

        WriteVerdict(header.Id);
        return default;
    }

    private async ValueTask AnswerLaterAsync(ValueTask answered, uint id)
    {
        await answered.ConfigureAwait(false);
        if (_call.Deadline.HasPassed(context.Time))
        {
            WriteError(id, ErrorCode.DeadlineExceeded, Refusal.TooLate);
        }
        else
        {
            WriteVerdict(id);
        }
    }

    private void WriteVerdict(uint id)
    {
        if (_call.Failure is { } failure)
        {
            WriteError(id, ErrorCode.Internal, failure);
            return;
        }

        if (_call.IsAnswerTooLarge)
        {
            WriteError(id, ErrorCode.AnswerTooLarge, "pad the datagram, or use a stream: the quotas' grants and the directive need more room");
            return;
        }

        foreach (VerdictParts parts in (ReadOnlySpan<VerdictParts>)
                 [VerdictParts.All, VerdictParts.WithoutQuotaReferences, VerdictParts.WithoutPolicy, VerdictParts.WithoutMessage,
                     VerdictParts.WithoutReferences, VerdictParts.StatusAndQuotas])
        {
            var writer = new WireWriter(_answer.AsSpan(0, _length), framed: false);
            _call.WriteVerdict(ref writer, id, WordList.Version1Count, parts, tellsPolicy: true);
            if (writer.TryComplete(out _answerLength))
            {
                return;
            }
        }
    }

    private ValueTask Report(ref WireReader reader, MessageHeader header)
    {
        AttributeBag bag = _call.Request.Attributes;
        if (!ReportReader.TryStart(ref reader, header, context.Limits, WordList.Version1Count, padded: true, out ReportReader records)
            || !records.TryReadAll(ref reader, bag))
        {
            return Reject(header.Id, reader.Fault);
        }

        Acknowledge(context.Engine.Reports.Offer(bag.Body, records.Count, _call.TakeLease(), null, WordList.Version1Count), header.Id);
        return default;
    }

    private void Acknowledge(Acknowledgement acknowledgement, uint id)
    {
        var writer = new WireWriter(_answer.AsSpan(0, _length), framed: false);
        acknowledgement.Write(ref writer, id);
        Complete(writer);
    }

    private ValueTask Greet(ref WireReader reader, MessageHeader header)
    {
        if (!Hello.TryRead(ref reader, header, _call.Request.Attributes, context.Limits, padded: true, out Hello hello))
        {
            return Reject(header.Id, reader.Fault);
        }

        if (!hello.IsVersionSupported)
        {
            return Error(header.Id, ErrorCode.UnsupportedVersion, $"this server speaks version {MessageHeader.Version}");
        }

        var writer = new WireWriter(_answer.AsSpan(0, _length), framed: false);
        context.WelcomeTo(_call.Snapshot).Write(ref writer, header.Id);
        return writer.TryComplete(out _answerLength)
            ? default
            : Error(header.Id, ErrorCode.AnswerTooLarge, "pad the datagram: a welcome needs more room");
    }

    private ValueTask Pong(uint id)
    {
        var writer = new WireWriter(_answer.AsSpan(0, _length), framed: false);
        Ping.Write(ref writer, MessageKind.Pong, id);
        Complete(writer);
        return default;
    }

    private ValueTask Reject(uint id, ProtocolFault fault) => Error(id, fault.Code, fault.ToString());

    private ValueTask Error(uint id, ErrorCode code, string text)
    {
        WriteError(id, code, text);
        return default;
    }

    private void WriteError(uint id, ErrorCode code, string text) => WriteError(id, code, Encoding.UTF8.GetBytes(text));

    private void WriteError(uint id, ErrorCode code, ReadOnlySpan<byte> utf8)
    {
        context.Counters.CountError(code);
        while (true)
        {
            var writer = new WireWriter(_answer.AsSpan(0, _length), framed: false);
            ErrorMessage.Write(ref writer, id, code, utf8);
            if (writer.TryComplete(out _answerLength))
            {
                return;
            }

            // Texts are ASCII but for names that the client itself sent.
            utf8 = utf8[..(utf8.Length / 2)];
        }
    }

    private void Complete(in WireWriter writer)
    {
        if (!writer.TryComplete(out _answerLength))
        {
            throw new InvalidOperationException("An answer outgrew the shortest datagram.");
        }
    }
}
