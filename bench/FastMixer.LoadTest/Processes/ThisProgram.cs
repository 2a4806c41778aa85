namespace FastMixer.LoadTest.Processes;

/// <summary>This executable, to start it once more with one of its own subcommands.</summary>
internal static class ThisProgram
{
    /// <summary>The words that start it.</summary>
    public static IReadOnlyList<string> Command()
    {
        var path = Environment.ProcessPath ?? throw new LoadTestException("can't tell the path of this program, to start it once more");
        return Path.GetFileNameWithoutExtension(path) is "dotnet"
            ? [path, Path.Combine(AppContext.BaseDirectory, $"{typeof(ThisProgram).Assembly.GetName().Name}.dll")]
            : [path];
    }
}
