namespace FastMixer.Protocol.Messages;

/// <summary>What an operation does to a header. The numbers are those of the wire.</summary>
public enum HeaderOperationKind : byte
{
    /// <summary>The header has this value and no other, whether it was there or not.</summary>
    Replace = 0,

    /// <summary>All fields of this name go.</summary>
    Remove = 1,

    /// <summary>One more field comes behind those that are there.</summary>
    Append = 2,
}

/// <summary>A change of a header, as a client reads it.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">The header's name, compared without regard to case; in a request also <c>:method</c>, <c>:scheme</c>, <c>:authority</c>, <c>:path</c>.</param>
/// <param name="Value">The value, without control characters but the tab; empty where the header is removed.</param>
public sealed record HeaderOperation(HeaderOperationKind Kind, string Name, string Value);
