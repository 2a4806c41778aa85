using System.IO.Compression;
using System.Text.RegularExpressions;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>The real access log that lies beside the repository.</summary>
internal static partial class AccessLog
{
    /// <summary>Its path, or skips the test.</summary>
    public static string Require()
    {
        string? path = Find();
        Assert.SkipWhen(path is null, "shared/data/access.log.gz is not beside the repository.");
        return path!;
    }

    /// <summary>How many lines have each status, as awk counts the field behind the quoted request.</summary>
    public static Dictionary<string, long> CountStatuses(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            string status = Status().Match(line).Groups[1].Value;
            counts[status] = counts.GetValueOrDefault(status) + 1;
        }

        return counts;
    }

    [GeneratedRegex("^[^\"]*\"(?:[^\"\\\\]|\\\\.)*\" ([0-9]{3}) ")]
    private static partial Regex Status();

    // The data lies beside the main working tree; a linked one names that in its .git file.
    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string git = Path.Combine(folder.FullName, ".git");
            string? tree = Directory.Exists(git) ? folder.FullName
                : File.Exists(git) ? File.ReadAllText(git).Trim()["gitdir: ".Length..].Split("/.git/")[0]
                : null;
            if (tree is not null)
            {
                string log = Path.GetFullPath(Path.Combine(tree, "../shared/data/access.log.gz"));
                return File.Exists(log) ? log : null;
            }
        }

        return null;
    }
}
