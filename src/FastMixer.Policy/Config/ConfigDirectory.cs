namespace FastMixer.Policy.Config;

/// <summary>Reads the files of a folder.</summary>
public static class ConfigDirectory
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Reads every <c>.yaml</c>, <c>.yml</c> and <c>.json</c> file directly in a folder, in the order of their names.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="problems">Takes what cannot be read, and a folder that is not there or holds no such file.</param>
    /// <param name="maxFileBytes">The largest file that is read.</param>
    public static IReadOnlyList<ConfigSource> Read(string path, ICollection<Problem> problems, long maxFileBytes = ConfigLimits.MaxFileBytes)
    {
        var sources = new List<ConfigSource>();
        try
        {
            IReadOnlyList<string> files = ListFiles(path);
            foreach (string file in files)
            {
                ReadFile(file, maxFileBytes, sources, problems);
            }

            if (files.Count == 0)
            {
                problems.Add(new Problem(Severity.Error, new Place(path, 0, 0), "The folder holds no .yaml, .yml or .json file."));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(Severity.Error, new Place(path, 0, 0), $"The folder cannot be read: {exception.Message}"));
        }

        return sources;
    }

    /// <summary>The files that <see cref="Read"/> reads, in their order.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be read.</exception>
    public static IReadOnlyList<string> ListFiles(string path) =>
        [.. Directory.GetFiles(path).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];

    private static void ReadFile(string file, long maxFileBytes, List<ConfigSource> sources, ICollection<Problem> problems)
    {
        try
        {
            long length = new FileInfo(file).Length;
            if (length > maxFileBytes)
            {
                problems.Add(ConfigLimits.TooLarge(file, length, maxFileBytes));
                return;
            }

            sources.Add(new ConfigSource(file, File.ReadAllText(file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(Severity.Error, new Place(file, 0, 0), $"The file cannot be read: {exception.Message}"));
        }
    }
}
