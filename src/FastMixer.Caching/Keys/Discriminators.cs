namespace FastMixer.Caching.Keys;

/// <summary>
/// Chooses, of the look-ups that all sets have in common, those whose values tell best which set a request belongs to: the service that is asked does, if
/// the sets of each service are its own, while the path, of which each set has seen many, does not and would only fill the rows.
/// </summary>
internal static class Discriminators
{
    private const int Most = 4;
    private const int MostSets = 256;

    // Below this, a look-up has nearly the same values in all sets.
    private const double LeastGain = 1.5;

    /// <summary>Chooses.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="common">What all of them look up.</param>
    /// <param name="rows">How many rows there are.</param>
    public static ReferencePart[] Choose(IReadOnlyList<ReferenceSet> sets, IReadOnlyList<ReferencePart> common, int rows)
    {
        int step = 1 + (sets.Count / MostSets);
        List<ReferenceSet> some = [.. sets.Where((_, index) => index % step == 0)];
        var needed = new double[some.Count];
        Array.Fill(needed, step);
        var chosen = new List<ReferencePart>();
        foreach (Candidate candidate in common.Select(lookup => Candidate.Of(lookup, some)).OrderByDescending(candidate => candidate.Gain))
        {
            double rowsWith = needed.Zip(candidate.ValuesOfSets, (known, values) => known * values).Sum();
            if (candidate.Gain >= LeastGain && rowsWith <= rows / 2 && chosen.Count < Most)
            {
                chosen.Add(candidate.Lookup);
                needed = [.. needed.Zip(candidate.ValuesOfSets, (known, values) => known * values)];
            }
        }

        return [.. chosen];
    }

    /// <summary>A look-up, and how many values it had in each set.</summary>
    private sealed record Candidate(ReferencePart Lookup, double[] ValuesOfSets, double Gain)
    {
        public static Candidate Of(ReferencePart lookup, List<ReferenceSet> sets)
        {
            var all = new DistinctSketch();
            double absent = 0;
            var values = new double[sets.Count];
            for (int i = 0; i < sets.Count; i++)
            {
                int part = sets[i].IndexOf(lookup);
                if (sets[i].Usage.Values(part) is { } seen)
                {
                    all.Merge(seen);
                    values[i] = Math.Max(1, seen.Estimate());
                }
                else
                {
                    absent = 1;
                    values[i] = 1;
                }
            }

            return new Candidate(lookup, values, (all.Estimate() + absent) / values.Average());
        }
    }
}
