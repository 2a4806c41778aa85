namespace FastMixer.Policy.Config;

/// <summary>What a configuration may cost (spec/config.md, Limits).</summary>
internal static class ConfigLimits
{
    /// <summary>The largest file, in bytes.</summary>
    public const long MaxFileBytes = 8 * 1024 * 1024;

    /// <summary>How deep lists and mappings may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>How many values, lists and mappings a file may hold.</summary>
    public const int MaxNodes = 1_000_000;

    /// <summary>The problem of a file that is too large.</summary>
    public static Problem TooLarge(string file, long length, long maxFileBytes) =>
        new(Severity.Error, new Place(file, 0, 0), $"The file has {length} bytes; at most {maxFileBytes} are read. Split it.");
}
