using System.Text;

namespace FastMixer.LoadTest;

/// <summary>Reads the files embedded in the executable.</summary>
internal static class Resource
{
    /// <summary>The text of an embedded file.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in the executable");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of an embedded file, without the empty line after the last line feed.</summary>
    public static string[] Lines(string name) => Text(name).TrimEnd('\n').Split('\n');
}
