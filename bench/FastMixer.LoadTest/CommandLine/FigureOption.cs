using System.CommandLine;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The option for a picture of what was measured.</summary>
internal static class FigureOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create(string description) => new("--figure") { HelpName = "FILE", Description = description };

    /// <summary>Draws a picture into a file, with the folders that it needs.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="draw">Draws it.</param>
    public static void Save(string? path, Func<string> draw)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(path, draw());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"--figure: {e.Message}");
        }
    }
}
