using FastMixer.Client.Fleet.Counts;
using FastMixer.Client.Fleet.Servers;

namespace FastMixer.Client.Fleet.Hedging;

/// <summary>Asks a second server where the first is slower than most answers; the first answer counts, and the other call is given up. Thread-safe.</summary>
/// <param name="fleet">What the servers share.</param>
internal sealed class Hedger(FleetContext fleet)
{
    private readonly AnswerTimes _times = new(fleet.Clock);
    private readonly HedgeBudget _budget = new(fleet.Options.HedgingBudget);

    /// <summary>Asks a question of a server, and perhaps of a second one.</summary>
    /// <param name="first">The server.</param>
    /// <param name="question">The question; nothing reads it once the task has completed.</param>
    /// <param name="patience">How long an answer of the first is waited for.</param>
    /// <param name="second">Chooses the second server; null if there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<ServedVerdict> AskAsync(
        FleetServer first, CheckQuestion question, TimeSpan patience, Func<FleetServer?> second, CancellationToken cancellationToken)
    {
        _budget.Earn();
        long asked = fleet.Clock.GetTimestamp();

        // Timers count whole milliseconds, and would be early.
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(_times.Percentile95.TotalMilliseconds));
        try
        {
            if (delay <= TimeSpan.Zero || delay >= patience)
            {
                return await first.AskAsync(question, patience, cancellationToken).ConfigureAwait(false);
            }

            // What counts is how long the server took that has answered. With the delay on top the next delay would be longer, and so on.
            (ServedVerdict verdict, asked) = await RaceAsync(first, question, patience, delay, second, cancellationToken).ConfigureAwait(false);
            return verdict;
        }
        finally
        {
            _times.Note(fleet.Clock.GetElapsedTime(asked));
        }
    }

    // The verdict, and when its server was asked.
    private async Task<(ServedVerdict Verdict, long Asked)> RaceAsync(
        FleetServer first,
        CheckQuestion question,
        TimeSpan patience,
        TimeSpan delay,
        Func<FleetServer?> second,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long asked = fleet.Clock.GetTimestamp();
        Task<ServedVerdict> slow = first.AskAsync(question, patience, stop.Token).AsTask();
        Task<ServedVerdict>? other = null;
        try
        {
            Task wait = Task.Delay(delay, fleet.Clock, stop.Token);
            if (await Task.WhenAny(slow, wait).ConfigureAwait(false) == slow || !_budget.TryTake() || second() is not { } server)
            {
                return (await slow.ConfigureAwait(false), asked);
            }

            fleet.Counters.Add(FleetCounter.Hedges);
            long askedOther = fleet.Clock.GetTimestamp();
            other = server.AskAsync(question, patience - delay, stop.Token).AsTask();
            Task<ServedVerdict> winner = await FirstAnswerAsync(slow, other).ConfigureAwait(false);
            if (winner == other && other.IsCompletedSuccessfully)
            {
                fleet.Counters.Add(FleetCounter.HedgesWon);
            }

            return (await winner.ConfigureAwait(false), winner == other ? askedOther : asked);
        }
        finally
        {
            // Both have ended before the question is its owner's again.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)slow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (other ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What fails leaves the other to answer; where both fail, the first server's word counts.
    private static async Task<Task<ServedVerdict>> FirstAnswerAsync(Task<ServedVerdict> slow, Task<ServedVerdict> other)
    {
        Task<ServedVerdict> ended = await Task.WhenAny(slow, other).ConfigureAwait(false);
        if (ended.IsCompletedSuccessfully)
        {
            return ended;
        }

        Task<ServedVerdict> left = ended == slow ? other : slow;
        await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return left.IsCompletedSuccessfully ? left : slow;
    }
}
