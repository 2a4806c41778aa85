namespace FastMixer.Engine.Reports.Metrics;

/// <summary>A few rows of a <see cref="MetricTable"/>. Pages are added, never moved: whoever reads one may go on while others are added.</summary>
internal sealed class MetricPage(int stride, bool isExported)
{
    /// <summary>Rows of a page; a power of 2.</summary>
    public const int Rows = 1 << RowBits;

    /// <summary>How many bits of a row's number tell the row within its page.</summary>
    public const int RowBits = 6;

    private readonly MetricRow[] _rows = new MetricRow[Rows];
    private readonly long[] _cells = new long[Rows * stride];
    private readonly long[] _outgoing = isExported ? new long[Rows * stride] : [];

    /// <summary>A row's key and state.</summary>
    public ref MetricRow Row(int row) => ref _rows[row & (Rows - 1)];

    /// <summary>A row's cells, which the worker adds to.</summary>
    public Span<long> Cells(int row) => _cells.AsSpan((row & (Rows - 1)) * stride, stride);

    /// <summary>What of a row is being exported; the worker does not touch it meanwhile.</summary>
    public Span<long> Outgoing(int row) => _outgoing.AsSpan((row & (Rows - 1)) * stride, stride);
}

/// <summary>The key of a row, and when it was last counted into.</summary>
internal struct MetricRow
{
    /// <summary>What holds the key.</summary>
    public byte[] KeyBytes;

    /// <summary>Where the key begins.</summary>
    public int KeyOffset;

    /// <summary>How long it is.</summary>
    public int KeyLength;

    /// <summary>Its hash.</summary>
    public ulong Hash;

    /// <summary>The timestamp of the last instance.</summary>
    public long LastSeen;

    /// <summary>Whether something was added since the last export began.</summary>
    public bool IsChanged;

    /// <summary>Whether something is being exported, or failed to be.</summary>
    public bool IsOutgoing;

    /// <summary>The dimensions, encoded.</summary>
    public readonly ReadOnlySpan<byte> Key => KeyBytes.AsSpan(KeyOffset, KeyLength);
}
