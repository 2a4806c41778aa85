namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>The folders that these tests were built in.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Above("FastMixer.sln");

    /// <summary>The program of a sample, built beside the tests.</summary>
    public static string Sample(string folder, string assembly)
    {
        string framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root, "samples", folder, "bin", configuration, framework, assembly + ".dll");
    }

    private static string Above(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no {file} above {AppContext.BaseDirectory}");
    }
}
