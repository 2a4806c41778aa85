namespace FastMixer.Engine.Snapshots;

/// <summary>
/// Counts what is under way, so that somebody else may learn when all of it has ended. Each core counts on a cache line of its own, and whoever
/// has entered leaves on the same one; so no count is ever too low, and cores do not wait for each other. Any thread may call any member.
/// </summary>
internal sealed class InFlight
{
    private const int LongsPerLine = 16;

    private static readonly int Stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    // One line more, so that the first count shares none with the array's length.
    private readonly long[] _counts = new long[(Stripes + 1) * LongsPerLine];

    /// <summary>Whether nothing is under way.</summary>
    public bool IsEmpty
    {
        get
        {
            for (int stripe = 0; stripe < Stripes; stripe++)
            {
                if (Interlocked.Read(ref Count(stripe)) != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Counts one more.</summary>
    /// <returns>What <see cref="Leave"/> must be given. A full memory barrier lies before the return.</returns>
    public int Enter()
    {
        int stripe = Thread.GetCurrentProcessorId() & (Stripes - 1);
        Interlocked.Increment(ref Count(stripe));
        return stripe;
    }

    /// <summary>Counts one less.</summary>
    /// <param name="stripe">What <see cref="Enter"/> returned.</param>
    public void Leave(int stripe) => Interlocked.Decrement(ref Count(stripe));

    private ref long Count(int stripe) => ref _counts[(stripe + 1) * LongsPerLine];
}
