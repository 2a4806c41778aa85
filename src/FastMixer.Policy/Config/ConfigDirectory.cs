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
                Fail(problems, path, "The folder holds no .yaml, .yml or .json file.");
            }
        }
        catch (DirectoryNotFoundException)
        {
            Fail(problems, path, "There is no such folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(problems, path, $"The folder cannot be read: {exception.Message}");
        }

        return sources;
    }

    /// <summary>The files that <see cref="Read"/> reads, in their order; also folders with such names, which it refuses.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be read.</exception>
    public static IReadOnlyList<string> ListFiles(string path) =>
        [.. Directory.GetFileSystemEntries(path).Where(file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];

    private static void ReadFile(string file, long maxFileBytes, List<ConfigSource> sources, ICollection<Problem> problems)
    {
        if (Directory.Exists(file))
        {
            Fail(problems, file, "This is a folder: the files of a configuration stand directly in its own folder.");
            return;
        }

        try
        {
            if (ReadBytes(file, maxFileBytes, problems) is { } bytes)
            {
                if (ConfigText.Decode(file, bytes, out Problem? problem) is { } text)
                {
                    sources.Add(new ConfigSource(file, text));
                }
                else
                {
                    problems.Add(problem!);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(problems, file, $"The file cannot be read: {exception.Message}");
        }
    }

    // Never more than the limit, whatever the file says of its length, or how it grows while it is read.
    private static byte[]? ReadBytes(string file, long maxFileBytes, ICollection<Problem> problems)
    {
        using FileStream stream = File.OpenRead(file);
        if (stream.CanSeek && stream.Length > maxFileBytes)
        {
            problems.Add(ConfigLimits.TooLarge(file, stream.Length, maxFileBytes));
            return null;
        }

        using var bytes = new MemoryStream();
        var part = new byte[64 * 1024];
        for (int read = stream.Read(part); read > 0; read = stream.Read(part))
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > maxFileBytes)
            {
                problems.Add(ConfigLimits.TooLarge(file, bytes.Length, maxFileBytes));
                return null;
            }
        }

        return bytes.ToArray();
    }

    private static void Fail(ICollection<Problem> problems, string path, string message) =>
        problems.Add(new Problem(Severity.Error, new Place(path, 0, 0), message));
}
