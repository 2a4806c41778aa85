using System.Globalization;

namespace FastMixer.Adapters.JsonLines;

/// <summary>
/// A file that is appended to, and put aside under a name with the time when it is large or old: <c>access.log</c> becomes
/// <c>access-20260102T030405.678.log</c>. What is written is there whole or not at all. Not thread-safe.
/// </summary>
internal sealed class RotatingFile(FileSettings settings, TimeProvider time) : IDisposable
{
    private FileStream? _file;
    private DateTimeOffset _opened;

    /// <summary>Appends.</summary>
    /// <param name="bytes">Whole lines.</param>
    /// <exception cref="IOException">They could not be written; the file is as it was.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        FileStream file = _file ??= Open();
        if (file.Length > 0 && (file.Length + bytes.Length > settings.MaxBytes || time.GetUtcNow() - _opened > settings.MaxAge))
        {
            PutAside();
            file = _file ??= Open();
        }

        long before = file.Length;
        try
        {
            file.Write(bytes);
            file.Flush();
        }
        catch (IOException)
        {
            // Half a line would spoil the next one.
            file.SetLength(before);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(settings.Path)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _opened = time.GetUtcNow();
        return new FileStream(settings.Path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    private void PutAside()
    {
        _file?.Dispose();
        _file = null;
        string aside = NameAside(time.GetUtcNow());
        File.Move(settings.Path, aside);
        string folder = Path.GetDirectoryName(Path.GetFullPath(settings.Path))!;
        string pattern = Path.GetFileNameWithoutExtension(settings.Path) + "-*" + Path.GetExtension(settings.Path);
        foreach (string old in Directory.GetFiles(folder, pattern).OrderDescending(StringComparer.Ordinal).Skip(settings.MaxRotated))
        {
            File.Delete(old);
        }
    }

    // Times sort as they follow each other; files of one millisecond are told apart by a number.
    private string NameAside(DateTimeOffset now)
    {
        string stem = Path.Combine(
            Path.GetDirectoryName(settings.Path) ?? "",
            Path.GetFileNameWithoutExtension(settings.Path) + now.ToString("-yyyyMMdd'T'HHmmss.fff", CultureInfo.InvariantCulture));
        string name = stem + Path.GetExtension(settings.Path);
        for (int i = 1; File.Exists(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i:d4}{Path.GetExtension(settings.Path)}");
        }

        return name;
    }
}
