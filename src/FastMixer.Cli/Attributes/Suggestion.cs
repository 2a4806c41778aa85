namespace FastMixer.Cli.Attributes;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class Suggestion
{
    // Two slips in a short name; a long one may have one for each four letters.
    private const int FewSlips = 2;
    private const int LettersPerSlip = 4;

    /// <summary>The candidate nearest to a name, or null if none is near.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">What could have been meant.</param>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int least = Math.Max(FewSlips, name.Length / LettersPerSlip) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>How many letters must be put in, taken out or changed to make one text the other (Levenshtein).</summary>
    /// <param name="from">One text.</param>
    /// <param name="to">The other.</param>
    public static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
