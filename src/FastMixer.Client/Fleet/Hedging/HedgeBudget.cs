namespace FastMixer.Client.Fleet.Hedging;

/// <summary>
/// Bounds how many more checks servers get by hedging: each check earns a part of one, and savings are small, so that servers which all turn slow are not asked twice by everybody.
/// Thread-safe; takes no lock.
/// </summary>
/// <param name="share">What a check earns: 0.05 of one.</param>
internal sealed class HedgeBudget(double share)
{
    private const int One = 1000;
    private const int MostSaved = 10 * One;

    private readonly int _earned = (int)(share * One);
    private int _saved;

    /// <summary>Notes a check.</summary>
    public void Earn()
    {
        // Nearly exact, which is enough: two that come at once may save a part of a check too much.
        if (Volatile.Read(ref _saved) < MostSaved)
        {
            Interlocked.Add(ref _saved, _earned);
        }
    }

    /// <summary>Takes one more check, if there is one.</summary>
    public bool TryTake()
    {
        int saved = Volatile.Read(ref _saved);
        while (saved >= One)
        {
            int found = Interlocked.CompareExchange(ref _saved, saved - One, saved);
            if (found == saved)
            {
                return true;
            }

            saved = found;
        }

        return false;
    }
}
