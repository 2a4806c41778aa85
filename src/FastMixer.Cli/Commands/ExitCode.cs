namespace FastMixer.Cli.Commands;

/// <summary>What the process says to the shell that started it.</summary>
internal static class ExitCode
{
    /// <summary>Allowed, accepted, all answered.</summary>
    public const int Success = 0;

    /// <summary>The answer was no: denied, or some records or requests were refused or failed.</summary>
    public const int Negative = 1;

    /// <summary>There was no answer: the command line or a file is wrong, or the server could not be asked.</summary>
    public const int Error = 2;
}
