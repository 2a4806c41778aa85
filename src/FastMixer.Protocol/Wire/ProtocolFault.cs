namespace FastMixer.Protocol.Wire;

/// <summary>The codes of errors (protocol.md, section 6). Numbers never change.</summary>
public enum ErrorCode : byte
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The body is not the array that the specification describes. Fatal.</summary>
    Malformed = 1,

    /// <summary>The length prefix exceeds the limit. Fatal.</summary>
    FrameTooLarge = 2,

    /// <summary>No message has this kind. Fatal.</summary>
    UnknownKind = 3,

    /// <summary>The first frame is no hello, or a later one is. Fatal.</summary>
    UnexpectedHello = 4,

    /// <summary>There is no common version. Fatal.</summary>
    UnsupportedVersion = 5,

    /// <summary>A word index is 0 or above the receiver's count.</summary>
    UnknownWord = 6,

    /// <summary>A value has another type than the vocabulary says.</summary>
    WrongType = 7,

    /// <summary>An attribute, or a key of a map, stands twice.</summary>
    DuplicateAttribute = 8,

    /// <summary>A string is not UTF-8.</summary>
    InvalidUtf8 = 9,

    /// <summary>A limit other than the frame's is exceeded.</summary>
    LimitExceeded = 10,

    /// <summary>The server has more to do than it can; it has not looked at the request.</summary>
    Overloaded = 11,

    /// <summary>The policy could not be evaluated, or a handler failed.</summary>
    Internal = 12,

    /// <summary>The answer would be longer than the datagram that asked.</summary>
    AnswerTooLarge = 13,

    /// <summary>No hello in time, or nothing received for the idle time. Fatal.</summary>
    Timeout = 14,

    /// <summary>The server has as many connections as it may. Fatal.</summary>
    TooManyConnections = 15,

    /// <summary>The sender's patience with a check was over before there was a verdict.</summary>
    DeadlineExceeded = 16,
}

/// <summary>What can be said of an <see cref="ErrorCode"/>.</summary>
public static class ErrorCodes
{
    /// <summary>Whether a server closes the connection after an error of this code.</summary>
    /// <param name="code">A code.</param>
    public static bool IsFatal(this ErrorCode code) =>
        code is ErrorCode.Malformed or ErrorCode.FrameTooLarge or ErrorCode.UnknownKind or ErrorCode.UnexpectedHello
            or ErrorCode.UnsupportedVersion or ErrorCode.Timeout or ErrorCode.TooManyConnections;

    /// <summary>The name of a code in the specification, such as <c>wrong-type</c>.</summary>
    /// <param name="code">A code.</param>
    public static string Name(this ErrorCode code) => code switch
    {
        ErrorCode.None => "none",
        ErrorCode.Malformed => "malformed",
        ErrorCode.FrameTooLarge => "frame-too-large",
        ErrorCode.UnknownKind => "unknown-kind",
        ErrorCode.UnexpectedHello => "unexpected-hello",
        ErrorCode.UnsupportedVersion => "unsupported-version",
        ErrorCode.UnknownWord => "unknown-word",
        ErrorCode.WrongType => "wrong-type",
        ErrorCode.DuplicateAttribute => "duplicate-attribute",
        ErrorCode.InvalidUtf8 => "invalid-utf8",
        ErrorCode.LimitExceeded => "limit-exceeded",
        ErrorCode.Overloaded => "overloaded",
        ErrorCode.Internal => "internal",
        ErrorCode.AnswerTooLarge => "answer-too-large",
        ErrorCode.Timeout => "timeout",
        ErrorCode.TooManyConnections => "too-many-connections",
        ErrorCode.DeadlineExceeded => "deadline-exceeded",
        _ => "unknown",
    };
}

/// <summary>
/// What is wrong with bytes from a peer: a value, never an exception, and free of allocation until its text is wanted.
/// </summary>
/// <param name="Code">The error's code; <see cref="ErrorCode.None"/> when nothing is wrong.</param>
/// <param name="Offset">Where in the body, in bytes.</param>
/// <param name="Problem">What was expected there, as a clause such as <c>expected an array header</c>.</param>
/// <param name="Subject">The attribute concerned, or null.</param>
public readonly record struct ProtocolFault(ErrorCode Code, int Offset, string? Problem, string? Subject = null)
{
    /// <summary>The text for an error message: what was wrong, where, and what would be right. Allocates.</summary>
    public override string ToString() =>
        Subject is null ? $"{Problem} (at byte {Offset})" : $"{Subject}: {Problem} (at byte {Offset})";
}
