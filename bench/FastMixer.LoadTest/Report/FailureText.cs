namespace FastMixer.LoadTest.Report;

/// <summary>Why checks failed, in the words of reports for people.</summary>
internal static class FailureText
{
    private const int MostReasons = 5;

    /// <summary>Writes the commonest reasons, a line each.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">Whose checks they were.</param>
    /// <param name="failures">How often checks failed for which reason.</param>
    public static void Write(TextWriter output, string name, IReadOnlyDictionary<string, long> failures)
    {
        foreach (var (reason, count) in failures.OrderByDescending(static failure => failure.Value).Take(MostReasons))
        {
            output.WriteLine($"{name}: {Quantity.Count(count)} failed: {reason}");
        }
    }
}
