using System.Globalization;
using System.Text;
using FastMixer.Policy.Config;

namespace FastMixer.Server.Configuration;

/// <summary>
/// A text that is another one when the files of a policy's folder are others: their names, where their symbolic links lead to in the end, their
/// lengths and times. Cheap enough to be read every second, also where a file system tells nobody of changes. A mounted volume that is replaced
/// as a whole by turning a link, as Kubernetes does, changes where the links lead.
/// </summary>
internal static class FolderSignature
{
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
            FileSystemInfo target = File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file);
            long length = target is FileInfo { Exists: true } info ? info.Length : -1;
            signature.Append(CultureInfo.InvariantCulture, $"{target.FullName}\n{length} {target.LastWriteTimeUtc.Ticks} {target.CreationTimeUtc.Ticks}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signature.Append(exception.Message).Append('\n');
        }
    }
}
