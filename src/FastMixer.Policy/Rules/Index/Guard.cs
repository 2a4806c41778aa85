namespace FastMixer.Policy.Rules.Index;

/// <summary>How a guard's values are compared with its subject.</summary>
internal enum GuardKind
{
    /// <summary>The subject is one of the values.</summary>
    Equality,

    /// <summary>The subject begins with one of the values.</summary>
    Prefix,
}

/// <summary>
/// A part of a match that compares something of the request, its subject, with constants: <c>a == "x"</c>, <c>m["k"] in ["x", "y"]</c>,
/// <c>a.startsWith("x")</c>. All rules whose guards have one subject are told apart by one look-up.
/// </summary>
/// <param name="SubjectName">What the subject is, written in one way only, so that equal subjects have equal names.</param>
/// <param name="Subject">Reads the subject.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Values">What it is compared with, in the form of <see cref="Index.Subject"/>'s keys; without duplicates.</param>
internal sealed record Guard(string SubjectName, Subject Subject, GuardKind Kind, IReadOnlyList<byte[]> Values);
