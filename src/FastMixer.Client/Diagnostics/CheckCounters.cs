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

    public void CountShared() => _shared.Increment();

    public void CountRenewal() => _renewals.Increment();

    public void CountStale() => _stale.Increment();

    public void CountRefused() => _refused.Increment();

    /// <summary>Counts a check that nobody answered.</summary>
    public void CountUnavailable(FailureMode mode) => (mode == FailureMode.Open ? _failedOpen : _failedClosed).Increment();

    public CheckCounts Read(long hits) => new(
        hits,
        _remote.Value,
        new TimeSpan(Interlocked.Read(ref _remoteTicks)),
        _shared.Value,
        _renewals.Value,
        _stale.Value,
        _failedOpen.Value,
        _failedClosed.Value,
        _refused.Value,
        _notKept.Value);
}
