namespace FastMixer.Protocol.Messages;

/// <summary>The status of a verdict: a <c>google.rpc.Code</c>. <see cref="Ok"/> is allowed, every other denied.</summary>
public enum StatusCode : byte
{
    /// <summary>Allowed.</summary>
    Ok = 0,

    /// <summary>Cancelled by the caller.</summary>
    Cancelled = 1,

    /// <summary>Unknown error.</summary>
    Unknown = 2,

    /// <summary>The request itself is wrong.</summary>
    InvalidArgument = 3,

    /// <summary>Too late.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for is not there.</summary>
    NotFound = 5,

    /// <summary>It is already there.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not.</summary>
    PermissionDenied = 7,

    /// <summary>A quota is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of things does not allow it.</summary>
    FailedPrecondition = 9,

    /// <summary>Aborted, for example by a conflict.</summary>
    Aborted = 10,

    /// <summary>Beyond the valid range.</summary>
    OutOfRange = 11,

    /// <summary>Not implemented.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken.</summary>
    Internal = 13,

    /// <summary>Not available now.</summary>
    Unavailable = 14,

    /// <summary>Data is lost.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}

/// <summary>What can be said of a <see cref="StatusCode"/>.</summary>
public static class StatusCodes
{
    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    /// <summary>The name of a code, such as <c>PERMISSION_DENIED</c>; its number if it has no name.</summary>
    /// <param name="code">A code.</param>
    public static string Name(this StatusCode code) => (int)code < Names.Length ? Names[(int)code] : $"CODE_{(int)code}";

    /// <summary>The HTTP status with which a proxy replies to a request of this status (protocol.md, section 3); 500 for a code that is not known.</summary>
    /// <param name="code">A code.</param>
    public static int ToHttpStatus(this StatusCode code) => code switch
    {
        StatusCode.Ok => 200,
        StatusCode.Cancelled => 499,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => 400,
        StatusCode.DeadlineExceeded => 504,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.PermissionDenied => 403,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.Unauthenticated => 401,
        _ => 500,
    };

    /// <summary>Finds a code by its name.</summary>
    /// <param name="name">The name, in upper case.</param>
    /// <param name="code">The code.</param>
    public static bool TryParse(string name, out StatusCode code)
    {
        int index = Array.IndexOf(Names, name);
        code = (StatusCode)Math.Max(index, 0);
        return index >= 0;
    }
}
