namespace FastMixer.LoadTest.Processes;

/// <summary>Programs of others that experiments start.</summary>
internal static class InstalledPrograms
{
    /// <summary>Whether an executable is there: on the PATH, or where it is named with a folder.</summary>
    public static bool Has(string executable) => executable.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? File.Exists(executable)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, executable)));
}
