namespace FastMixer.LoadTest.CommandLine;

/// <summary>Writes a report to standard output, in the form that was asked for.</summary>
internal static class ReportOutput
{
    /// <summary>Writes what was found.</summary>
    /// <param name="isJson">Whether for programs; else for people.</param>
    /// <param name="result">What was found.</param>
    /// <param name="text">Writes it for people.</param>
    /// <param name="json">Writes it for programs.</param>
    public static void Write<T>(bool isJson, T result, Action<TextWriter, T> text, Action<Stream, T> json)
    {
        if (isJson)
        {
            using var output = Console.OpenStandardOutput();
            json(output, result);
        }
        else
        {
            text(Console.Out, result);
        }
    }
}
