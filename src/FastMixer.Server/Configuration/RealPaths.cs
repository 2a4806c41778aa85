namespace FastMixer.Server.Configuration;

/// <summary>
/// Where files lie when every symbolic link on the way is followed, those in place of folders too, which the framework's own resolution leaves
/// as they are. Remembers folders: to be used for one look only. Not thread-safe.
/// </summary>
internal sealed class RealPaths
{
    // As many as Linux itself follows.
    private const int MaxLinks = 40;

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Where a file lies.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="IOException">Its links cannot be read, or lead in a circle.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way must not be read.</exception>
    public string Of(string file) => Resolve(Path.GetFullPath(file), 0);

    private string Resolve(string path, int links)
    {
        if (links > MaxLinks)
        {
            throw new IOException($"Too many symbolic links on the way to {path}.");
        }

        if (Path.GetDirectoryName(path) is not { } folder)
        {
            return path;
        }

        // Where the folder lies comes first: a relative link starts from there.
        string place = FolderOf(folder, links);
        string entry = Path.Combine(place, Path.GetFileName(path));
        return new FileInfo(entry).LinkTarget is { } target ? Resolve(Path.GetFullPath(target, place), links + 1) : entry;
    }

    private string FolderOf(string folder, int links)
    {
        if (!_folders.TryGetValue(folder, out string? place))
        {
            place = Resolve(folder, links);
            _folders.Add(folder, place);
        }

        return place;
    }
}
