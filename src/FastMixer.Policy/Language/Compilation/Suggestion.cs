namespace FastMixer.Policy.Language.Compilation;

/// <summary>Finds the name that somebody probably meant.</summary>
public static class Suggestion
{
    // Thousands of wrong references to thousands of names must not make a configuration slow to refuse.
    private const int MostNames = 1_000;

    /// <summary>A sentence that names the closest known name, or nothing if none is close.</summary>
    /// <param name="found">What was written.</param>
    /// <param name="known">What could have been; of very many names, only the first thousand are looked at.</param>
    /// <returns><c> Did you mean "…"?</c> with a blank before it, or the empty string.</returns>
    public static string For(string found, IEnumerable<string> known)
    {
        // Of a short text at least half must be right.
        (string? best, int distance) = (null, Math.Min(Math.Max(2, found.Length / 4), found.Length / 2) + 1);
        foreach (string name in known.Take(MostNames))
        {
            int away = Math.Abs(found.Length - name.Length);
            away = away < distance ? Distance(found, name) : away;
            if (away < distance)
            {
                (best, distance) = (name, away);
            }
        }

        return best is null ? "" : $" Did you mean \"{best}\"?";
    }

    // Levenshtein's distance, without regard to case.
    private static int Distance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
