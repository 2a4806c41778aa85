namespace FastMixer.LoadTest.Reports;

/// <summary>Senders at work.</summary>
internal sealed class ReportLoad : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private readonly ReportSupply _supply;
    private readonly ReportSender[] _senders;
    private readonly Thread[] _threads;

    private ReportLoad(ReportLoadSettings settings, ReportSupply supply, CancellationToken cancellation)
    {
        _supply = supply;
        _senders = [.. Enumerable.Range(0, settings.Connections).Select(_ => new ReportSender(settings, supply, Tally, cancellation))];
        _threads = Array.ConvertAll(_senders, static sender => new Thread(sender.Run, StackBytes) { IsBackground = true, Name = "reports" });
    }

    /// <summary>What became of the records.</summary>
    public ReportTally Tally { get; } = new();

    /// <summary>Whether all have ended.</summary>
    public bool IsOver => Array.TrueForAll(_threads, static thread => !thread.IsAlive);

    /// <summary>Begins to send.</summary>
    public static ReportLoad Start(ReportLoadSettings settings, ReportSupply supply, CancellationToken cancellation)
    {
        var load = new ReportLoad(settings, supply, cancellation);
        Array.ForEach(load._threads, static thread => thread.Start());
        return load;
    }

    /// <summary>Waits until everything is sent and answered.</summary>
    /// <exception cref="LoadTestException">A sender has broken off.</exception>
    public void Join()
    {
        Array.ForEach(_threads, static thread => thread.Join());
        ThrowIfFailed();
    }

    /// <summary>Fails if a sender has.</summary>
    /// <exception cref="LoadTestException">A sender has broken off.</exception>
    public void ThrowIfFailed()
    {
        for (var i = 0; i < _senders.Length; i++)
        {
            if (!_threads[i].IsAlive && _senders[i].Failure is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Sends no more, and waits until what was sent is answered.</summary>
    public void Dispose()
    {
        _supply.End();
        Array.ForEach(_threads, static thread => thread.Join());
    }
}
