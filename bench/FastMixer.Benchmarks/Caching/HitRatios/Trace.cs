using System.Globalization;
using System.IO.Compression;

namespace FastMixer.Benchmarks.Caching.HitRatios;

/// <summary>The keys that were asked for, in their order: a number a line, gzipped.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Keys">The keys.</param>
internal sealed record Trace(string Name, int[] Keys)
{
    private const string Suffix = ".trace.gz";

    /// <summary>Reads all traces of a folder, in the order of their names.</summary>
    public static Trace[] ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal).Select(Read)];

    private static Trace Read(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var keys = new List<int>();
        while (lines.ReadLine() is { } line)
        {
            keys.Add(int.Parse(line, CultureInfo.InvariantCulture));
        }

        return new Trace(Path.GetFileName(path)[..^Suffix.Length], [.. keys]);
    }
}
