using FastMixer.Caching.Keys;
using FastMixer.Client.Cache;

namespace FastMixer.Client.Diagnostics;

/// <summary>The numbers behind <see cref="CheckCounts"/>. Thread-safe.</summary>
internal sealed class CheckCounters
{
    private readonly StripedCount _remote = new();
    private readonly StripedCount _shared = new();
    private readonly StripedCount _renewals = new();
    private readonly StripedCount _stale = new();
    private readonly StripedCount _failedOpen = new();
    private readonly StripedCount _failedClosed = new();
    private readonly StripedCount _refused = new();
    private readonly StripedCount _notKept = new();
    private long _remoteTicks;

    /// <summary>Counts an answer of a server.</summary>
    /// <param name="kept">What became of the verdict.</param>
    /// <param name="took">How long it took.</param>
    public void CountAnswer(KeepResult kept, TimeSpan took)
    {
        _remote.Increment();
        Interlocked.Add(ref _remoteTicks, took.Ticks);
        if (kept is KeepResult.Unfit or KeepResult.TooManySets or KeepResult.TooLarge)
        {
            _notKept.Increment();
        }
    }

    /// <summary>Counts a check that waits for another's question.</summary>
    public void CountShared() => _shared.Increment();

    /// <summary>Counts an answer that renewed a kept verdict; it is counted as an answer before.</summary>
    public void CountRenewal() => _renewals.Increment();

    /// <summary>Counts a check answered from a kept verdict since no server answered, unless the verdict is one of its time, which is counted as a hit.</summary>
    public void CountStale(CheckOrigin origin)
    {
        if (origin == CheckOrigin.Stale)
        {
            _stale.Increment();
        }
    }

    /// <summary>Counts a check that a server found wrong.</summary>
    public void CountRefused() => _refused.Increment();

    /// <summary>Counts a check that nobody answered.</summary>
    /// <param name="mode">What became of it.</param>
    public void CountUnavailable(FailureMode mode) => (mode == FailureMode.Open ? _failedOpen : _failedClosed).Increment();

    /// <summary>All counts.</summary>
    /// <param name="hits">Checks answered from kept verdicts.</param>
    public CheckCounts Read(long hits)
    {
        // Before the answers, so that there seem to be no more of them.
        long renewals = _renewals.Value;
        return new CheckCounts(
            hits,
            _remote.Value,
            new TimeSpan(Interlocked.Read(ref _remoteTicks)),
            _shared.Value,
            renewals,
            _stale.Value,
            _failedOpen.Value,
            _failedClosed.Value,
            _refused.Value,
            _notKept.Value);
    }
}
