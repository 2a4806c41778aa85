using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Load;

/// <summary>
/// Measures several sides in turns, so that what drifts while a test runs (clock speed, neighbours, memory) meets all of them alike.
/// </summary>
internal static class AlternatingRounds
{
    /// <summary>Runs all rounds of all sides.</summary>
    /// <param name="contestants">The sides; the results come in their order.</param>
    /// <param name="settings">How each is driven.</param>
    /// <param name="progress">Tells what is being measured.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static IReadOnlyList<Side> Run(
        IReadOnlyList<Contestant> contestants, RoundSettings settings, ProgressLine progress, CancellationToken cancellation)
    {
        var round = new Round(settings, progress, cancellation);
        var results = contestants.Select(static _ => new List<RoundResult>()).ToArray();
        for (var number = 0; number < settings.Rounds; number++)
        {
            foreach (var index in Order(number, contestants.Count))
            {
                var title = contestants.Count > 1 || settings.Rounds > 1
                    ? $"{contestants[index].Name}, round {number + 1} of {settings.Rounds}"
                    : contestants[index].Name;
                results[index].Add(Measure(round, contestants[index], title));
            }
        }

        return [.. contestants.Zip(results, static (contestant, rounds) => new Side(contestant.Name, contestant.Target, rounds))];
    }

    /// <summary>
    /// The order of the sides in a round: there and back again, so that none always runs after the same other one.
    /// </summary>
    public static IEnumerable<int> Order(int round, int count) =>
        Enumerable.Range(0, count).Select(position => round % 2 == 0 ? position : count - 1 - position);

    private static RoundResult Measure(Round round, Contestant contestant, string title)
    {
        try
        {
            using var beside = contestant.Beside?.Invoke();
            return round.Run(contestant.Target, title);
        }
        catch (LoadTestException e) when (contestant.Process?.Ending() is { } ending)
        {
            throw new LoadTestException($"{e.Message}; {ending}");
        }
    }
}
