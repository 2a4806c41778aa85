using FastMixer.Client.Calls;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Fleet.Checks;

/// <summary>A check whose attributes are encoded already.</summary>
internal readonly struct QuestionMessage(CheckQuestion question, TimeSpan patience, bool isWhole) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint => (isWhole ? question.Whole : question.BeyondBase).Length + 128;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => CheckRequest.Write(
        ref writer, id, (isWhole ? question.Whole : question.BeyondBase).Written, question.Quotas, question.DeduplicationId.Span, patience);
}

/// <summary>A report whose records are encoded already.</summary>
internal readonly struct RecordsMessage(ReadOnlyMemory<byte> records) : IRequest
{
    /// <inheritdoc/>
    public int SizeHint => records.Length + 32;

    /// <inheritdoc/>
    public void Write(ref WireWriter writer, uint id) => ReportWriter.Write(ref writer, id, records.Span);
}
