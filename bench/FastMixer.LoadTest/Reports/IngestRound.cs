namespace FastMixer.LoadTest.Reports;

/// <summary>What a server did with reports for a while.</summary>
/// <param name="Duration">How long.</param>
/// <param name="Delivered">Records that came to their end well.</param>
/// <param name="Dropped">Records that were taken and dropped.</param>
/// <param name="Refused">Records that there was no room for; each time counts.</param>
/// <param name="CpuSeconds">User and kernel time of the server's process.</param>
/// <param name="GeneratorCpuSeconds">That of the generator.</param>
/// <param name="AllocatedBytes">Bytes that the server has allocated, without those for reading its metrics.</param>
internal sealed record IngestRound(
    TimeSpan Duration, long Delivered, long Dropped, long Refused, double? CpuSeconds, double? GeneratorCpuSeconds, double AllocatedBytes)
{
    /// <summary>Records per second.</summary>
    public double Rate => Delivered / Duration.TotalSeconds;

    /// <summary>CPU time of the server for a record, in seconds.</summary>
    public double? CpuPerRecord => CpuSeconds / Delivered;

    /// <summary>Which part of all records was dropped.</summary>
    public double DroppedShare => (double)Dropped / Math.Max(1, Delivered + Dropped);

    /// <summary>Which part of all that was sent was refused.</summary>
    public double RefusedShare => (double)Refused / Math.Max(1, Delivered + Dropped + Refused);
}
