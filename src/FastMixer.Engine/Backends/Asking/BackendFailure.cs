namespace FastMixer.Engine.Backends.Asking;

/// <summary>Why a question has no answer of the backend.</summary>
internal enum FailureKind
{
    /// <summary>The backend answered nothing useful, or could not be reached.</summary>
    Error,

    /// <summary>It did not answer in time.</summary>
    Timeout,

    /// <summary>It was not asked: it has failed too often.</summary>
    Breaker,

    /// <summary>It was not asked: too many other questions are on their way or wait.</summary>
    Concurrency,

    /// <summary>The check's own deadline passed first; the question may go on for others.</summary>
    Deadline,

    /// <summary>The handler has ended.</summary>
    Ended,
}

/// <summary>A failure.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Message">What an operator reads of it.</param>
internal sealed record BackendFailure(FailureKind Kind, string Message)
{
    /// <summary>Too many questions.</summary>
    public static BackendFailure TooBusy { get; } = new(FailureKind.Concurrency, "too many requests wait for its backend already");

    /// <summary>Too late.</summary>
    public static BackendFailure TooLate { get; } = new(FailureKind.Deadline, "the check's deadline passed before its backend answered");

    /// <summary>The end.</summary>
    public static BackendFailure Over { get; } = new(FailureKind.Ended, "it has ended");

    /// <summary>No place became free in time.</summary>
    public static BackendFailure NeverFlew { get; } = new(FailureKind.Timeout, "no place to ask its backend became free in time");
}

/// <summary>What became of a question: an answer of the backend, or a failure.</summary>
/// <param name="Answer">The answer, if there is no failure.</param>
/// <param name="Failure">The failure, or null.</param>
internal readonly record struct BackendOutcome(Handlers.CheckResult Answer, BackendFailure? Failure);
