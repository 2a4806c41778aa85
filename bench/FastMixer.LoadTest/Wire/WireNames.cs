namespace FastMixer.LoadTest.Wire;

/// <summary>Names that protocol.md gives to the numbers of the wire.</summary>
internal static class WireNames
{
    private static readonly string[] Statuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED", "other",
    ];

    private static readonly string[] Errors =
    [
        "malformed", "frame-too-large", "unknown-kind", "unexpected-hello", "unsupported-version", "unknown-word", "wrong-type",
        "duplicate-attribute", "invalid-utf8", "limit-exceeded", "overloaded", "internal", "answer-too-large", "timeout",
        "too-many-connections", "deadline-exceeded",
    ];

    /// <summary>The name of a verdict's status (section 3).</summary>
    public static string Status(int status) => Name(Statuses, status);

    /// <summary>The name of an error's code (section 6), counted from 1.</summary>
    public static string Error(uint code) => code is 0 or > 1000 ? Name(Errors, -1) : Name(Errors, (int)code - 1);

    private static string Name(string[] names, int index) =>
        (uint)index < (uint)names.Length ? names[index] : "unknown";
}
