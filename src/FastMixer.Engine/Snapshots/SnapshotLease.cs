namespace FastMixer.Engine.Snapshots;

/// <summary>
/// The right to use a snapshot's handlers: they are not ended before every lease has been given back. To be given back once, by any thread.
/// </summary>
public readonly record struct SnapshotLease
{
    private readonly int _stripe;

    internal SnapshotLease(LiveSnapshot snapshot, int stripe)
    {
        Snapshot = snapshot;
        _stripe = stripe;
    }

    /// <summary>The snapshot.</summary>
    public LiveSnapshot Snapshot { get; }

    /// <summary>Gives the lease back.</summary>
    public void Release() => Snapshot.Leave(_stripe);
}
