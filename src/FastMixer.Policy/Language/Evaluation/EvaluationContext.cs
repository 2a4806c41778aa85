using FastMixer.Policy.Language.References;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>How an evaluation ended.</summary>
public enum Outcome
{
    /// <summary>With a value.</summary>
    Value,

    /// <summary>Something that was looked up is absent; a pipe goes on with its right side, anything else makes it an error.</summary>
    Absent,

    /// <summary>With an error, which <see cref="EvaluationContext.Error"/> tells.</summary>
    Error,
}

/// <summary>What can go wrong in an evaluation.</summary>
public enum EvaluationErrorKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An attribute is absent.</summary>
    LookupFailed,

    /// <summary>Text is no IP address.</summary>
    NoIpAddress,

    /// <summary>Text is no RFC 3339 timestamp.</summary>
    NoTimestamp,

    /// <summary>Text is no DNS name.</summary>
    NoDnsName,

    /// <summary>Text is no e-mail address.</summary>
    NoEmailAddress,

    /// <summary>Text is no URI.</summary>
    NoUri,

    /// <summary>Text is no regular expression that can be matched in linear time.</summary>
    NoRegularExpression,

    /// <summary>The result is beyond 64 bits.</summary>
    Overflow,

    /// <summary>A division by zero.</summary>
    DivisionByZero,
}

/// <summary>What went wrong in an evaluation: a value, without allocation until its text is wanted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Slot">The attribute that is absent.</param>
public readonly record struct EvaluationError(EvaluationErrorKind Kind, int Slot = Vocabulary.NoSlot)
{
    /// <summary>The text of the error. Allocates.</summary>
    /// <param name="vocabulary">What slots mean.</param>
    public string Describe(Vocabulary vocabulary) => Kind switch
    {
        EvaluationErrorKind.None => "no error",
        EvaluationErrorKind.LookupFailed => $"lookup failed: '{vocabulary[Slot].Name}'",
        EvaluationErrorKind.NoIpAddress => "ip(): the text is no IP address",
        EvaluationErrorKind.NoTimestamp => "timestamp(): the text is no RFC 3339 timestamp",
        EvaluationErrorKind.NoDnsName => "dnsName(): the text is no DNS name",
        EvaluationErrorKind.NoEmailAddress => "email(): the text is no e-mail address",
        EvaluationErrorKind.NoUri => "uri(): the text is no URI",
        EvaluationErrorKind.NoRegularExpression => "matches(): the text is no regular expression, or one that cannot be matched in linear time",
        EvaluationErrorKind.Overflow => "the result is out of the range of 64 bits",
        _ => "division by zero",
    };
}

/// <summary>
/// What expressions are evaluated with: the attributes, the notes of what was looked up, and room for text that is made on the way. Reused;
/// belongs to one thread at a time.
/// </summary>
public sealed class EvaluationContext : IDisposable
{
    private byte[] _scratch = new byte[256];
    private int _scratchUsed;

    /// <summary>The attributes.</summary>
    public AttributeBag Attributes { get; private set; } = null!;

    /// <summary>What was looked up.</summary>
    public ReferenceRecorder References { get; } = new();

    /// <summary>What went wrong, after <see cref="Outcome.Error"/> or <see cref="Outcome.Absent"/>.</summary>
    public EvaluationError Error { get; private set; }

    /// <summary>Prepares for a request.</summary>
    /// <param name="attributes">Its attributes; must stay as they are while expressions are evaluated.</param>
    /// <param name="table">The snapshot's look-ups.</param>
    public void Reset(AttributeBag attributes, ReferenceTable table)
    {
        Attributes = attributes;
        References.Reset(table);
        Error = default;
        _scratchUsed = 0;
    }

    /// <summary>Goes on with other attributes of the same request: its own, and what a policy has added to them. The notes stay.</summary>
    /// <param name="attributes">The attributes, of the same vocabulary.</param>
    public void Read(AttributeBag attributes) => Attributes = attributes;

    /// <summary>Forgets text made on the way: values evaluated so far must not be used any more.</summary>
    public void ReleaseScratch() => _scratchUsed = 0;

    /// <summary>Lets go of the attributes and look-ups, so that a resting context does not keep a replaced configuration in memory.</summary>
    public void Release()
    {
        Attributes = null!;
        References.Release();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => References.Dispose();

    /// <summary>Notes an error.</summary>
    internal Outcome Fail(EvaluationErrorKind kind)
    {
        Error = new EvaluationError(kind);
        return Outcome.Error;
    }

    /// <summary>Notes that an attribute is absent.</summary>
    internal Outcome Missing(int slot)
    {
        Error = new EvaluationError(EvaluationErrorKind.LookupFailed, slot);
        return Outcome.Absent;
    }

    /// <summary>Room for text, valid until <see cref="ReleaseScratch"/>: growing leaves earlier text where it is.</summary>
    internal Span<byte> Scratch(int length)
    {
        if (_scratch.Length - _scratchUsed < length)
        {
            _scratch = new byte[Math.Max(_scratch.Length * 2, length)];
            _scratchUsed = 0;
        }

        Span<byte> room = _scratch.AsSpan(_scratchUsed, length);
        _scratchUsed += length;
        return room;
    }
}
