using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>Lists of CPUs as Linux writes them: 0-3,8.</summary>
internal static class CpuList
{
    /// <summary>The CPUs that a process may use, or null if it can't be seen.</summary>
    public static string? Allowed(int processId)
    {
        try
        {
            const string Field = "Cpus_allowed_list:";
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
                .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line?[Field.Length..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The CPUs of a list, in its order.</summary>
    public static IReadOnlyList<int> Parse(string text)
    {
        var cpus = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            cpus.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return cpus;
    }

    /// <summary>Writes CPUs one by one.</summary>
    public static string Format(IReadOnlyList<int> cpus) => string.Join(",", cpus.Select(static cpu => cpu.ToString(CultureInfo.InvariantCulture)));
}
