namespace FastMixer.Server.Overload;

/// <summary>
/// How long the bytes of one stream wait in the system's buffer until they are read. The last byte that waits is marked, and its turn comes when as many
/// bytes have been read: the time between is how long it has waited at least. Times are timestamps of one clock. Belongs to the thread that reads the stream.
/// </summary>
/// <param name="shortest">The shortest time between two marks: a mark costs a system call.</param>
internal struct StreamBacklog(long shortest)
{
    private long _read;
    private long _mark;
    private long _markedAt;
    private long _lastDelay;
    private bool _mayWait;

    /// <summary>Takes note of a read.</summary>
    /// <param name="bytes">How many bytes it brought.</param>
    /// <param name="filled">Whether it filled its buffer, so that more may wait.</param>
    /// <param name="now">When it completed.</param>
    public void OnRead(int bytes, bool filled, long now)
    {
        _read += bytes;
        _mayWait = filled;
        if (!filled)
        {
            _mark = _lastDelay = 0;
        }
        else if (_mark != 0 && _read >= _mark)
        {
            _lastDelay = now - _markedAt;
            _mark = 0;
        }
    }

    /// <summary>Whether <see cref="Mark"/> should be told how much waits.</summary>
    /// <param name="now">The moment.</param>
    public readonly bool WantsMark(long now) => _mayWait && _mark == 0 && now - _markedAt >= shortest;

    /// <summary>Marks the last byte that waits.</summary>
    /// <param name="waiting">How many bytes wait.</param>
    /// <param name="now">The moment.</param>
    public void Mark(int waiting, long now)
    {
        _markedAt = now;
        if (waiting > 0)
        {
            _mark = _read + waiting;
        }
        else
        {
            _lastDelay = 0;
        }
    }

    /// <summary>How long what waits has waited, as far as is known; 0 if nothing does.</summary>
    /// <param name="now">The moment.</param>
    public readonly long Delay(long now) => _mark == 0 ? _lastDelay : Math.Max(_lastDelay, now - _markedAt);
}
