namespace FastMixer.Engine.Reports.Accounting;

/// <summary>Why a record of a report, or an instance of it, was not delivered. The values are never changed: they are told by name in metrics.</summary>
public enum DropReason
{
    /// <summary>A field of an instance could not be evaluated.</summary>
    EvaluationError,

    /// <summary>The handler's ring had no room.</summary>
    HandlerFull,

    /// <summary>The backend did not take it, however often it was tried.</summary>
    HandlerError,

    /// <summary>A metric's value is none that can be summed up: not finite, a negative duration, a negative increment of a counter, text that is no number.</summary>
    InvalidValue,

    /// <summary>The backend cannot take a record like this.</summary>
    Rejected,

    /// <summary>The handler ended before the backend took it.</summary>
    Shutdown,

    /// <summary>The bytes of the report cannot be read at this record, or before it.</summary>
    Malformed,

    /// <summary>An error of the server itself, which its log tells.</summary>
    InternalError,
}

/// <summary>What reasons are called in metrics (spec/config.md, Metrics).</summary>
public static class DropReasons
{
    /// <summary>The reason's text.</summary>
    /// <param name="reason">The reason.</param>
    public static string Text(this DropReason reason) => reason switch
    {
        DropReason.EvaluationError => "evaluation error",
        DropReason.HandlerFull => "handler full",
        DropReason.HandlerError => "handler error",
        DropReason.InvalidValue => "invalid value",
        DropReason.Rejected => "rejected",
        DropReason.Shutdown => "shutdown",
        DropReason.Malformed => "malformed",
        _ => "internal error",
    };
}
