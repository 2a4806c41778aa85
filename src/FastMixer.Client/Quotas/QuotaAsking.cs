using FastMixer.Client.Fleet;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Quotas;

/// <summary>Asks servers for amounts ahead, or gives amounts back to them, as checks that nobody waits for. Any thread may call any member.</summary>
/// <param name="fleet">The servers. It gives each question a deduplication id of its own.</param>
/// <param name="clock">The clock.</param>
/// <param name="timeout">How long servers have.</param>
internal sealed class QuotaAsking(IFleet fleet, TimeProvider clock, TimeSpan timeout)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Asks, and goes on.</summary>
    /// <param name="pool">With whose attributes.</param>
    /// <param name="quota">What for.</param>
    /// <param name="answered">Told the answer, or null if none came; must not throw.</param>
    public void Start(QuotaPool pool, QuotaRequest quota, Action<Verdict?> answered)
    {
        var done = new TaskCompletionSource();
        lock (_lock)
        {
            _running.Add(done.Task);
        }

        _ = AskAsync(pool, quota, answered, done);
    }

    /// <summary>Waits until all that was started is answered.</summary>
    public async Task WaitAsync()
    {
        while (true)
        {
            Task[] running;
            lock (_lock)
            {
                running = [.. _running];
            }

            if (running.Length == 0)
            {
                return;
            }

            await Task.WhenAll(running).ConfigureAwait(false);
        }
    }

    private async Task AskAsync(QuotaPool pool, QuotaRequest quota, Action<Verdict?> answered, TaskCompletionSource done)
    {
        using var question = new CheckQuestion { Quotas = [quota], Route = pool.Route };
        question.BeyondBase.Write(pool.Attributes);
        question.Deadline = clock.GetTimestamp() + (long)(timeout.TotalSeconds * clock.TimestampFrequency);
        Verdict? verdict = null;
        try
        {
            verdict = (await fleet.CheckAsync(question, CancellationToken.None).ConfigureAwait(false)).Verdict;
        }
        catch (Exception)
        {
            // Mostly the fleet's, which counts them. Whatever else goes wrong, the amount must come to an end: it is counted as failed or lost.
        }

        answered(verdict);
        lock (_lock)
        {
            _running.Remove(done.Task);
        }

        done.SetResult();
    }
}
