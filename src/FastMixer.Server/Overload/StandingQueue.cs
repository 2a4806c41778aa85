namespace FastMixer.Server.Overload;

/// <summary>
/// Decides from measured delays when a queue is a standing one, and then which requests are shed. From CoDel (Nichols and Jacobson, "Controlling Queue
/// Delay", ACM Queue 2012; RFC 8289) it has how a good queue is told from a bad one: not by its length or its mean, but by the least delay over an
/// interval, so that a burst which is worked off within the interval passes whole. Its law of dropping, one more often by the square root of the
/// drops so far, is for senders who slow down when they lose a packet, and it grows by 50 drops a second each second: requests of thousands of clients do
/// not slow down. So a standing queue is shed as requests are in "Fail at Scale" (Maurer, ACM Queue 2015): whatever comes while the delay is above the
/// target. That is as much as the excess, at once, and leaves those that are answered a delay near the target.
/// </summary>
/// <remarks>
/// A refusal is quicker than a verdict, so the delay is short while requests are refused and says nothing of the load then: the queue counts as standing
/// until for a whole interval nothing had to be shed. <see cref="Observe"/> must not be called by two threads at once; everything else may.
/// </remarks>
internal sealed class StandingQueue
{
    private readonly long _target;
    private readonly long _interval;
    private long _aboveSince = long.MinValue;
    private long _lastAbove;
    private volatile bool _isStanding;

    /// <summary>A queue that is empty.</summary>
    /// <param name="options">Target and interval.</param>
    /// <param name="time">The clock of all moments and delays, which are in its timestamps.</param>
    public StandingQueue(OverloadOptions options, TimeProvider time)
    {
        _target = ToTimestamps(options.Target, time);
        _interval = ToTimestamps(options.Interval, time);
    }

    /// <summary>Whether the queue is a standing one, so that requests may have to be shed.</summary>
    public bool IsStanding => _isStanding;

    /// <summary>Whether a delay is too long for a standing queue.</summary>
    public bool IsAbove(long delay) => delay >= _target;

    /// <summary>Takes a measured delay.</summary>
    /// <param name="delay">How long what is served now has waited, or how long what waits has waited at least.</param>
    /// <param name="now">The moment.</param>
    /// <returns>Whether <see cref="IsStanding"/> has changed.</returns>
    public bool Observe(long delay, long now)
    {
        if (delay >= _target)
        {
            return ObserveAbove(now);
        }

        _aboveSince = long.MinValue;
        if (!_isStanding || now - Volatile.Read(ref _lastAbove) < _interval)
        {
            return false;
        }

        _isStanding = false;
        return true;
    }

    /// <summary>Whether a request is to be shed.</summary>
    /// <param name="delay">How long it has waited.</param>
    /// <param name="isHeld">Whether it is known to have waited too long all the same.</param>
    /// <param name="now">The moment.</param>
    public bool Sheds(long delay, bool isHeld, long now)
    {
        if (!_isStanding || (delay < _target && !isHeld))
        {
            return false;
        }

        Volatile.Write(ref _lastAbove, now);
        return true;
    }

    private static long ToTimestamps(TimeSpan duration, TimeProvider time) => (long)(duration.TotalSeconds * time.TimestampFrequency);

    private bool ObserveAbove(long now)
    {
        if (_aboveSince == long.MinValue)
        {
            _aboveSince = now;
        }

        Volatile.Write(ref _lastAbove, now);
        if (_isStanding || now - _aboveSince < _interval)
        {
            return false;
        }

        _isStanding = true;
        return true;
    }
}
