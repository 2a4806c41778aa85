namespace FastMixer.Client.Fleet;

/// <summary>
/// The policy that each server has in force, as far as it has told. A server keeps its number as long as the client lives, also while it is no part of the
/// fleet. Thread-safe; reading takes no lock.
/// </summary>
internal sealed class PolicyLedger
{
    /// <summary>How many servers a client can ever have known.</summary>
    public const int Capacity = 4096;

    private readonly ulong[] _policies = new ulong[Capacity];
    private long _changes;

    /// <summary>How often a server has told a policy other than before. Grows.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Notes what a server has told.</summary>
    /// <param name="server">Its number, below <see cref="Capacity"/>.</param>
    /// <param name="policy">The digest; 0 changes nothing.</param>
    public void Note(ushort server, ulong policy)
    {
        if (policy != 0 && Interlocked.Exchange(ref _policies[server], policy) != policy)
        {
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>The policy of a server; 0 if it has told none.</summary>
    public ulong Of(ushort server) => Volatile.Read(ref _policies[server]);

    /// <summary>Whether verdicts that a server gave under a policy may still be reused; those of which it has not told the policy (0) may as long as their time lasts.</summary>
    public bool IsCurrent(ushort server, ulong policy) => policy == 0 || policy == Of(server);
}
