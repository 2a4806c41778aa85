using System.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Overload;

namespace FastMixer.Server.Sessions;

/// <summary>
/// Refuses the requests of one stream that have waited too long, before anything of them is decoded. Called by the session's reading thread under the output's
/// lock.
/// </summary>
internal sealed class StreamRefusals(ServerContext context, StreamOutput output)
{
    /// <summary>Which requests have waited too long.</summary>
    public StreamAdmission Admission { get; } = new(context.Overload);

    /// <summary>Answers a check or a report that is not worth more than a refusal.</summary>
    /// <param name="kind">Which of both.</param>
    /// <param name="body">The message, in one piece, as the reader's buffer is.</param>
    /// <returns>False if it is to be answered as usual; what is odd about it is left to those who read it whole.</returns>
    public bool TryRefuse(MessageKind kind, in ReadOnlySequence<byte> body)
    {
        var reader = new WireReader(body.FirstSpan);
        if (!Admission.IsSuspect() || !MessageHeader.TryRead(ref reader, out MessageHeader header))
        {
            return false;
        }

        return kind == MessageKind.Check ? TryRefuseCheck(ref reader, header) : TryRefuseReport(ref reader, header);
    }

    /// <summary>Says that the sender of a check waits no more.</summary>
    /// <param name="id">The check's id.</param>
    public void WriteTooLate(uint id) => WriteError(id, ErrorCode.DeadlineExceeded, Refusal.TooLate);

    private bool TryRefuseCheck(ref WireReader reader, MessageHeader header)
    {
        if (Admission.IsTooLate(CheckRequest.PeekPatience(ref reader, header)))
        {
            WriteTooLate(header.Id);
            return true;
        }

        bool sheds = Admission.Sheds();
        if (sheds)
        {
            context.Overload.CountShedCheck();
            WriteError(header.Id, ErrorCode.Overloaded, Refusal.Overloaded);
        }

        return sheds;
    }

    private bool TryRefuseReport(ref WireReader reader, MessageHeader header)
    {
        // The count is all that is read: a report's words are of no account here.
        if (!Admission.Sheds() || !ReportReader.TryStart(ref reader, header, context.Limits, wordCount: 0, padded: false, out ReportReader records))
        {
            return false;
        }

        context.Overload.CountShedReport();
        output.WriteAcknowledgement(context.Engine.Reports.Refuse(records.Count), header.Id);
        return true;
    }

    private void WriteError(uint id, ErrorCode code, ReadOnlySpan<byte> utf8)
    {
        context.Counters.CountError(code);
        output.WriteError(id, code, utf8);
    }
}
