namespace FastMixer.LoadTest;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Measured, and every request was answered with a verdict.</summary>
    public const int Clean = 0;

    /// <summary>Measured, but some requests were answered with an error or not at all.</summary>
    public const int WithErrors = 1;

    /// <summary>Could not measure: a wrong option, no server, or a server that broke off.</summary>
    public const int Failed = 2;

    /// <summary>Ended by SIGINT or SIGTERM.</summary>
    public const int Interrupted = 130;
}
