namespace FastMixer.Cli.Tests.Support;

/// <summary>A folder with some files, for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(params IEnumerable<(string Name, string Text)> files)
    {
        foreach ((string name, string text) in files)
        {
            File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("fastmixer").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
