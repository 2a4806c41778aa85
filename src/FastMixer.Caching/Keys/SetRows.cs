namespace FastMixer.Caching.Keys;

/// <summary>
/// Remembers which sets had a verdict for requests that look alike: a small open-addressed table from a hash to up to eight sets, the latest first. It is a
/// memory of what to try and nothing more: what a row says is checked by whoever reads it, so rows are written without a lock, may be torn, and make way for
/// others when there is no room.
/// </summary>
internal sealed class SetRows
{
    /// <summary>How many sets a row holds.</summary>
    public const int SetsPerRow = 8;

    // Behind the tag, eight ordinals of 16 bits each, counted from 1. Two rows to a cache line.
    private const int LongsPerRow = 4;
    private const int Window = 4;

    private readonly long[] _longs;
    private readonly int _mask;
    private long _pressure;

    /// <summary>An empty table.</summary>
    /// <param name="rows">How many rows: a power of two.</param>
    public SetRows(int rows)
    {
        _longs = new long[rows * LongsPerRow];
        _mask = rows - 1;
    }

    /// <summary>Whether more has been displaced than the table has rows: what leads to rows has too many values.</summary>
    public bool IsUnderPressure => Interlocked.Read(ref _pressure) > _mask + SetsPerRow;

    /// <summary>The sets of a row.</summary>
    /// <param name="hash">What leads to it.</param>
    public (long First, long Second) Find(ulong hash)
    {
        long tag = Tag(hash);
        for (int i = 0; i < Window; i++)
        {
            int row = Row(hash, i);
            if (Volatile.Read(ref _longs[row]) == tag)
            {
                return (Volatile.Read(ref _longs[row + 1]), Volatile.Read(ref _longs[row + 2]));
            }
        }

        return default;
    }

    /// <summary>Puts a set first in a row.</summary>
    /// <param name="hash">What leads to the row.</param>
    /// <param name="ordinal">The set's, 0 … 65,534.</param>
    public void Put(ulong hash, int ordinal)
    {
        int row = Take(hash);
        long first = Volatile.Read(ref _longs[row + 1]);
        if ((ushort)first == ordinal + 1)
        {
            return;
        }

        long second = Volatile.Read(ref _longs[row + 2]);
        Span<ushort> ordinals = stackalloc ushort[SetsPerRow + 1];
        ordinals[0] = (ushort)(ordinal + 1);
        int count = 1;
        for (int i = 0; i < SetsPerRow; i++)
        {
            ushort known = At(first, second, i);
            if (known != 0 && known != ordinal + 1)
            {
                ordinals[count++] = known;
            }
        }

        if (count > SetsPerRow)
        {
            Interlocked.Increment(ref _pressure);
        }

        Volatile.Write(ref _longs[row + 1], Pack(ordinals));
        Volatile.Write(ref _longs[row + 2], Pack(ordinals[4..]));
    }

    /// <summary>Counts anew what is displaced.</summary>
    public void ForgetPressure() => Interlocked.Exchange(ref _pressure, 0);

    /// <summary>One ordinal of a row, counted from 1; 0 for none.</summary>
    public static ushort At(long first, long second, int index) => (ushort)((index < 4 ? first : second) >> (16 * (index & 3)));

    private static long Pack(ReadOnlySpan<ushort> ordinals) =>
        (long)((ulong)ordinals[0] | ((ulong)ordinals[1] << 16) | ((ulong)ordinals[2] << 32) | ((ulong)ordinals[3] << 48));

    // No tag is 0, which is an empty row's.
    private static long Tag(ulong hash) => (long)(hash | 1);

    private int Row(ulong hash, int step) => (((int)(hash >> 8) + step) & _mask) * LongsPerRow;

    // The row of the tag, or else an empty one, or else one that is given up.
    private int Take(ulong hash)
    {
        long tag = Tag(hash);
        int free = -1;
        for (int i = 0; i < Window; i++)
        {
            int row = Row(hash, i);
            long known = Volatile.Read(ref _longs[row]);
            if (known == tag)
            {
                return row;
            }

            free = known == 0 && free < 0 ? row : free;
        }

        if (free < 0)
        {
            free = Row(hash, (int)(hash >> 1) & (Window - 1));
            Interlocked.Increment(ref _pressure);
        }

        Volatile.Write(ref _longs[free + 1], 0);
        Volatile.Write(ref _longs[free + 2], 0);
        Volatile.Write(ref _longs[free], tag);
        return free;
    }
}
