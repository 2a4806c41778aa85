using System.Diagnostics;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Reports;

/// <summary>What a server has done with reports up to a moment; the difference of two is a round.</summary>
internal sealed class IngestWatch
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    private readonly long _moment;
    private readonly ReportCounts _records;
    private readonly double _refused;
    private readonly double _allocated;
    private readonly double? _cpu;
    private readonly double? _generatorCpu;

    private IngestWatch(ReportedServer server)
    {
        var metrics = server.ReadMetrics();
        _moment = Stopwatch.GetTimestamp();
        _records = ReportCounts.OfRecords(metrics);
        _refused = metrics["fastmixer_records_total{outcome=\"refused\"}"];
        _allocated = metrics[Allocated];
        _cpu = CpuTime.Read(server.Process.ProcessId);
        _generatorCpu = CpuTime.Read(Environment.ProcessId);
    }

    /// <summary>Watches for a while.</summary>
    public static IngestRound Watch(ReportedServer server, TimeSpan duration, CancellationToken cancellation)
    {
        // Reading the metrics allocates too: what a reading costs is the difference of two that follow each other.
        var before = new IngestWatch(server);
        var begin = new IngestWatch(server);
        cancellation.WaitHandle.WaitOne(duration);
        cancellation.ThrowIfCancellationRequested();
        var end = new IngestWatch(server);
        return new IngestRound(
            Stopwatch.GetElapsedTime(begin._moment, end._moment),
            end._records.Delivered - begin._records.Delivered,
            end._records.DroppedInAll - begin._records.DroppedInAll,
            (long)(end._refused - begin._refused),
            end._cpu - begin._cpu,
            end._generatorCpu - begin._generatorCpu,
            Math.Max(0, end._allocated - begin._allocated - (begin._allocated - before._allocated)));
    }
}
