namespace FastMixer.Policy.Config;

/// <summary>How bad a problem is.</summary>
public enum Severity
{
    /// <summary>The configuration cannot go live.</summary>
    Error,

    /// <summary>It can, but probably does not do what was meant.</summary>
    Warning,
}

/// <summary>A problem of a configuration.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Message">What was found, and what would be right.</param>
public sealed record Problem(Severity Severity, Place Place, string Message)
{
    /// <summary>The problem as compilers write it: <c>file:line:column: error: text</c>.</summary>
    public override string ToString() => $"{Place}: {(Severity == Severity.Error ? "error" : "warning")}: {Message}";
}

/// <summary>A place in a configuration.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct Place(string File, int Line, int Column) : IComparable<Place>
{
    /// <inheritdoc/>
    public int CompareTo(Place other)
    {
        int byFile = string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : (Line, Column).CompareTo((other.Line, other.Column));
    }

    /// <summary>Whether one place comes before another.</summary>
    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    /// <summary>Whether one place comes behind another.</summary>
    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    /// <summary>Whether one place does not come behind another.</summary>
    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one place does not come before another.</summary>
    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;

    /// <summary>The place as compilers write it.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
