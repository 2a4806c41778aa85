using System.Diagnostics;

namespace FastMixer.LoadTest.Reports;

/// <summary>Reports that are sent for a while, and what came of them: they end with it, and the server has delivered what it took.</summary>
internal sealed class ReportSpell : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ReportedServer _server;
    private readonly ReportLoad _load;
    private readonly CancellationToken _cancellation;
    private readonly long _began;
    private readonly long _deliveredBefore;

    /// <summary>Begins to send.</summary>
    /// <param name="server">The server.</param>
    /// <param name="settings">How to send.</param>
    /// <param name="cancellation">Ends it.</param>
    public ReportSpell(ReportedServer server, ReportLoadSettings settings, CancellationToken cancellation)
    {
        _server = server;
        _cancellation = cancellation;
        _deliveredBefore = ReportCounts.OfRecords(server.ReadMetrics()).Delivered;
        _began = Stopwatch.GetTimestamp();
        _load = ReportLoad.Start(settings, ReportSupply.Endless(), cancellation);
    }

    /// <summary>Records a second that were delivered. To be read when it has ended.</summary>
    public double Rate { get; private set; }

    /// <summary>Which part of the records sent was refused. To be read when it has ended.</summary>
    public double RefusedShare => _load.Tally.RefusedShare;

    /// <summary>Fails if a sender has. To be called when it has ended.</summary>
    /// <exception cref="LoadTestException">A sender has broken off.</exception>
    public void ThrowIfFailed() => _load.ThrowIfFailed();

    /// <inheritdoc/>
    public void Dispose()
    {
        Rate = (ReportCounts.OfRecords(_server.ReadMetrics()).Delivered - _deliveredBefore) / Stopwatch.GetElapsedTime(_began).TotalSeconds;
        _load.Dispose();

        // What comes next is to find the server at rest.
        while (ReportCounts.OfRecords(_server.ReadMetrics()).Held > 0 && !_cancellation.IsCancellationRequested)
        {
            _cancellation.WaitHandle.WaitOne(Look);
        }
    }
}
