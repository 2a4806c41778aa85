using System.Buffers;
using System.Text;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using FastMixer.Server.Overload;

namespace FastMixer.Server.Sessions;

/// <summary>
/// The messages of one stream: which kind is answered how. Called by the session's reading thread under the output's lock.
/// </summary>
internal sealed class StreamRequests(ServerContext context, StreamOutput output) : IDisposable
{
    private readonly StreamRefusals _refusals = new(context, output);
    private readonly ToldPolicy _told = new(output);
    private readonly AttributeBag _scratch = new(context.Engine.Selection);
    private CheckCall _call = context.Engine.Calls.Get();
    private BaseAttributes? _base;
    private int _inFlight;
    private TaskCompletionSource? _settled;
    private int _settledBelow;
    private bool _disposed;

    /// <summary>Which requests are refused because they have waited too long. Under the output's lock.</summary>
    public StreamAdmission Admission => _refusals.Admission;

    /// <summary>Whether the hello has come.</summary>
    public bool IsGreeted => Volatile.Read(ref _base) is not null;

    /// <summary>Answers one message, or begins to.</summary>
    /// <param name="body">The frame's body; copied before the call returns.</param>
    /// <returns>False after a fatal error: the session must end.</returns>
    public bool TryHandle(in ReadOnlySequence<byte> body)
    {
        MessageKind kind = PeekKind(body);
        if (kind is MessageKind.Check or MessageKind.Report && _base is not null && _refusals.TryRefuse(kind, body))
        {
            return true;
        }

        switch (kind)
        {
            case MessageKind.Check when _base is not null:
                return TryCheck(body);
            case MessageKind.Report when _base is not null:
                return TryReport(body);
            case MessageKind.Hello when _base is null:
                return TryGreet(body);
            default:
                return TryControl(body);
        }
    }

    /// <summary>Completes when few enough checks are in flight to read on.</summary>
    public ValueTask WhenBelowLimitAsync() => WhenBelowAsync(context.Limits.MaxInFlight);

    /// <summary>Completes when every check is answered.</summary>
    public ValueTask WhenIdleAsync() => WhenBelowAsync(1);

    /// <summary>Writes and counts an error. Under the output's lock.</summary>
    public void WriteError(uint id, ErrorCode code, string text)
    {
        context.Counters.CountError(code);
        output.WriteError(id, code, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Announces the policy in force, if the client asked for that and has not heard of it. Under the output's lock.</summary>
    public void AnnouncePolicy() => _told.Tell(context.Engine.Current);

    /// <summary>Notes that nothing comes. Any thread may call it while the session waits for bytes.</summary>
    public void Rest()
    {
        lock (output.Gate)
        {
            Admission.Rest();
        }
    }

    /// <summary>
    /// Lets go of a replaced configuration, so that a connection that rests does not keep it in memory. Any thread may call it; not on the way
    /// of a request, which shall not pay for it.
    /// </summary>
    public void ReleaseReplaced()
    {
        // A look without the lock: it only decides whether to take it.
        if (!HoldsReplaced)
        {
            return;
        }

        lock (output.Gate)
        {
            if (!_disposed && HoldsReplaced)
            {
                context.Engine.Calls.Return(_call);
                _call = context.Engine.Calls.Get();
                _base?.Release();
                _scratch.Reset(context.Engine.Selection);
            }
        }
    }

    /// <summary>Gives what is pooled back.</summary>
    public void Dispose()
    {
        lock (output.Gate)
        {
            _disposed = true;
            Admission.End();
            _scratch.Dispose();
            context.Engine.Calls.Return(_call);
        }
    }

    private bool HoldsReplaced => _call.Snapshot is { } held && held != context.Engine.Current;

    // The kind is a positive fixint behind an array header of one byte in every message of this version; anything else takes the slow way.
    private static MessageKind PeekKind(in ReadOnlySequence<byte> body) =>
        body.FirstSpan is [>= 0x92 and <= 0x9f, var kind, ..] ? (MessageKind)kind : MessageKind.None;

    private bool TryCheck(in ReadOnlySequence<byte> body)
    {
        CheckCall call = _call;
        AttributeSelection selection = call.Begin(context.Engine);
        if (!_base!.TryGet(selection, context.Limits, out AttributeBag? inherited, out ProtocolFault misfit))
        {
            call.End();
            return RejectBase(body, misfit);
        }

        WireReader reader = call.Load(body, inherited);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !call.Request.TryRead(ref reader, header, context.Limits, _base.WordCount, padded: false))
        {
            call.End();
            return Reject(header.Id, reader.Fault);
        }

        if (call.Request.Patience > TimeSpan.Zero)
        {
            call.Deadline = CheckDeadline.After(Admission.Arrival, call.Request.Patience, context.Time);
        }

        ValueTask answered = context.Engine.CheckAsync(call);
        if (answered.IsCompletedSuccessfully)
        {
            WriteAnswer(call, header.Id, _base.WordCount);
            return true;
        }

        _call = context.Engine.Calls.Get();
        Interlocked.Increment(ref _inFlight);
        _ = AnswerLaterAsync(call, answered, header.Id, _base.WordCount);
        return true;
    }

    private void WriteAnswer(CheckCall call, uint id, int wordCount)
    {
        if (call.Failure is { } failure)
        {
            WriteError(id, ErrorCode.Internal, failure);
        }
        else
        {
            _told.Tell(call.Snapshot);
            output.WriteVerdict(call, id, wordCount);
        }
    }

    private async Task AnswerLaterAsync(CheckCall call, ValueTask answered, uint id, int wordCount)
    {
        await answered.ConfigureAwait(false);
        bool late = call.Deadline.HasPassed(context.Time);
        lock (output.Gate)
        {
            if (late)
            {
                _refusals.WriteTooLate(id);
            }
            else
            {
                WriteAnswer(call, id, wordCount);
            }
        }

        context.Engine.Calls.Return(call);
        await output.FlushAsync().ConfigureAwait(false);
        Settle();
    }

    private bool TryReport(in ReadOnlySequence<byte> body)
    {
        SnapshotLease lease = context.Engine.Lease();
        AttributeSelection selection = lease.Snapshot.Selection;
        if (!_base!.TryGet(selection, context.Limits, out AttributeBag? inherited, out ProtocolFault misfit))
        {
            lease.Release();
            return RejectBase(body, misfit);
        }

        _scratch.Reset(selection, inherited);
        WireReader reader = _scratch.Load(body);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !ReportReader.TryStart(ref reader, header, context.Limits, _base.WordCount, padded: false, out ReportReader records)
            || !records.TryReadAll(ref reader, _scratch))
        {
            lease.Release();
            return Reject(header.Id, reader.Fault);
        }

        output.WriteAcknowledgement(
            context.Engine.Reports.Offer(_scratch.Body, records.Count, lease, inherited, _base.WordCount), header.Id);
        return true;
    }

    private bool TryGreet(in ReadOnlySequence<byte> body)
    {
#pragma warning disable CA2000 // Lives as long as the connection, in its base attributes.
        var bag = new AttributeBag(context.Engine.Selection);
#pragma warning restore CA2000
        WireReader reader = bag.Load(body);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !Hello.TryRead(ref reader, header, bag, context.Limits, padded: false, out Hello hello))
        {
            Reject(header.Id, reader.Fault);
            bag.Dispose();
            return false;
        }

        if (!hello.IsVersionSupported)
        {
            WriteError(
                header.Id,
                ErrorCode.UnsupportedVersion,
                $"this server speaks version {MessageHeader.Version}; the client speaks {hello.MinVersion} to {hello.MaxVersion}");
            bag.Dispose();
            return false;
        }

        Volatile.Write(ref _base, new BaseAttributes(body.ToArray(), Math.Min(hello.WordCount, WordList.Standard.Count), bag));
        LiveSnapshot current = context.Engine.Current;
        _told.Begin(current, hello.Features);
        output.WriteWelcome(context.WelcomeTo(current), header.Id);
        return true;
    }

    private bool TryControl(in ReadOnlySequence<byte> body)
    {
        _scratch.Reset(context.Engine.Selection);
        WireReader reader = _scratch.Load(body);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header))
        {
            return Reject(header.Id, reader.Fault);
        }

        switch (header.Kind)
        {
            case MessageKind.Ping when IsGreeted:
                bool ends = header.TryReadEnd(ref reader, 0, padded: false);
                if (ends)
                {
                    output.WritePong(header.Id);
                }

                return ends || Reject(header.Id, reader.Fault);
            case MessageKind.Pong when IsGreeted:
                return true;
            case MessageKind.Check or MessageKind.Report when IsGreeted:
                // Its header is longer than it need be, or holds more elements than this version knows.
                return header.Kind == MessageKind.Check ? TryCheck(body) : TryReport(body);
            case MessageKind.Hello when !IsGreeted:
                return TryGreet(body);
            case MessageKind.Hello:
                WriteError(header.Id, ErrorCode.UnexpectedHello, "a hello comes once, as the first frame");
                return false;
            case MessageKind.Check or MessageKind.Report or MessageKind.Ping or MessageKind.Pong:
                WriteError(header.Id, ErrorCode.UnexpectedHello, "the first frame of a connection must be a hello");
                return false;
            default:
                WriteError(
                    header.Id, ErrorCode.UnknownKind, $"a client sends hello (1), check (3), report (5), ping (7) or pong (8), not {(int)header.Kind}");
                return false;
        }
    }

    private bool Reject(uint id, ProtocolFault fault)
    {
        WriteError(id, fault.Code, fault.ToString());
        return !fault.Code.IsFatal();
    }

    // As it would be rejected if the hello came now: to answer without the base attributes could allow what they would deny.
    private bool RejectBase(in ReadOnlySequence<byte> body, ProtocolFault misfit)
    {
        _scratch.Reset(context.Engine.Selection);
        WireReader reader = _scratch.Load(body);
        MessageHeader.TryRead(ref reader, out MessageHeader header);
        long generation = context.Engine.Current.Policy.Generation;
        if (context.Counters.CountBaseMisfit(generation))
        {
            ServerLog.BaseMisfit(context.Logger, generation, misfit.ToString());
        }

        WriteError(header.Id, misfit.Code, $"the base attributes of this connection do not fit the policy any more: {misfit}; connect again");
        return false;
    }

    private ValueTask WhenBelowAsync(int limit)
    {
        if (Volatile.Read(ref _inFlight) < limit)
        {
            return default;
        }

        lock (output.Gate)
        {
            _settledBelow = limit;
            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Volatile.Read(ref _inFlight) < limit ? default : new ValueTask(_settled.Task);
        }
    }

    private void Settle()
    {
        int left = Interlocked.Decrement(ref _inFlight);
        lock (output.Gate)
        {
            if (_settled is not null && left < _settledBelow)
            {
                _settled.TrySetResult();
                _settled = null;
            }
        }
    }
}
