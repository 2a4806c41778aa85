namespace FastMixer.Server.Configuration;

/// <summary>Decides when a folder that changes is to be read: when it has come to rest, or will not for too long. Not thread-safe.</summary>
internal sealed class Settling(string applied, TimeSpan maxSettleTime, TimeProvider time)
{
    private string _applied = applied;
    private string? _pending;
    private long _pendingSince;

    /// <summary>Notes what the folder looks like now.</summary>
    /// <returns>Whether to read it.</returns>
    public bool IsDue(string seen)
    {
        if (seen == _applied)
        {
            _pending = null;
            return false;
        }

        if (_pending is null)
        {
            _pendingSince = time.GetTimestamp();
        }

        bool rests = seen == _pending;
        _pending = seen;
        return rests || time.GetElapsedTime(_pendingSince) >= maxSettleTime;
    }

    /// <summary>Notes what has been read, whether it was valid or not: it is not read again as long as it stays.</summary>
    public void Apply(string read)
    {
        _applied = read;
        _pending = null;
    }
}
