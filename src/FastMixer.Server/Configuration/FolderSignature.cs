using System.Globalization;
using System.Text;
using FastMixer.Policy.Config;

namespace FastMixer.Server.Configuration;

/// <summary>
/// A text that is another one when the files of a policy's folder are others: their names, where they lie when every symbolic link on the way is
/// followed, their lengths, times and permissions. Cheap enough to be read every second, also where a file system tells nobody of changes. A
/// mounted volume that is replaced as a whole by turning a link, as Kubernetes does, changes where the files lie.
/// </summary>
internal static class FolderSignature
{
    // As many as Linux follows before it gives up.
    private const int MaxLinks = 40;

    /// <summary>Reads it. Never fails: what cannot be read is part of the text.</summary>
    /// <param name="folder">The folder.</param>
    public static string Read(string folder)
    {
        var signature = new StringBuilder();
        try
        {
            foreach (string file in ConfigDirectory.ListFiles(folder))
            {
                Append(signature, file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signature.Append(exception.GetType().Name).Append(": ").Append(exception.Message);
        }

        return signature.ToString();
    }

    private static void Append(StringBuilder signature, string file)
    {
        signature.Append(file).Append('\n');
        try
        {
            var target = new FileInfo(RealPath(Path.GetFullPath(file), MaxLinks));
            long length = target.Exists ? target.Length : -1;

            // The permissions too: a file that may be read again has changed neither its length nor its time.
            signature.Append(CultureInfo.InvariantCulture, $"{target.FullName}\n{length} {target.LastWriteTimeUtc.Ticks} {(int)target.UnixFileMode}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signature.Append(exception.Message).Append('\n');
        }
    }

    // Where a path leads when every link on its way is followed, those to folders too, as realpath(3) does.
    private static string RealPath(string path, int linksLeft)
    {
        string[] names = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        string way = Path.GetPathRoot(path)!;
        for (int i = 0; i < names.Length; i++)
        {
            string next = Path.Combine(way, names[i]);
            if (new FileInfo(next).LinkTarget is { } link && linksLeft > 0)
            {
                return RealPath(Path.Combine([Path.GetFullPath(link, way), .. names[(i + 1)..]]), linksLeft - 1);
            }

            way = next;
        }

        return way;
    }
}
