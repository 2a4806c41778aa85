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
    /// <summary>Reads it. Never fails: what cannot be read is part of the text.</summary>
    /// <param name="folder">The folder.</param>
    public static string Read(string folder)
    {
        var signature = new StringBuilder();
        var places = new RealPaths();
        try
        {
            foreach (string file in ConfigDirectory.ListFiles(folder))
            {
                Append(signature, file, places);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signature.Append(exception.GetType().Name).Append(": ").Append(exception.Message);
        }

        return signature.ToString();
    }

    private static void Append(StringBuilder signature, string file, RealPaths places)
    {
        signature.Append(file).Append('\n');
        try
        {
            var target = new FileInfo(places.Of(file));
            signature.Append(
                CultureInfo.InvariantCulture,
                $"{target.FullName}\n{target.Length} {target.LastWriteTimeUtc.Ticks} {target.CreationTimeUtc.Ticks} {(int)target.UnixFileMode}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signature.Append(exception.Message).Append('\n');
        }
    }
}
