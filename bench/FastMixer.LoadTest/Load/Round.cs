using System.Diagnostics;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Load;

/// <summary>One warm-up and one measurement of one target, over connections of its own.</summary>
internal sealed class Round(RoundSettings settings, ProgressLine progress, CancellationToken cancellation)
{
    // Workers keep all they need in buffers made beforehand; the default of 8 MB would be spent on nothing.
    private const int StackBytes = 256 * 1024;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures a target.</summary>
    /// <param name="target">What to measure.</param>
    /// <param name="title">What the progress line calls it.</param>
    public RoundResult Run(Target target, string title)
    {
        var connections = Open(target);
        var window = Window.After(settings.Warmup, settings.Duration);
        var workers = new Worker[connections.Count];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = CreateWorker(connections[i], target, window, i);
        }

        var threads = Array.ConvertAll(workers, static worker => new Thread(worker.Run, StackBytes) { IsBackground = true });
        Array.ForEach(threads, static thread => thread.Start());

        WaitUntil(window.Start, workers, $"{title}: warming up");
        var serverBefore = ReadCpu(target);
        var generatorBefore = CpuTime.Read(Environment.ProcessId);
        WaitUntil(window.End, workers, title);
        var serverAfter = ReadCpu(target);
        var generatorAfter = CpuTime.Read(Environment.ProcessId);

        Array.ForEach(threads, static thread => thread.Join());
        progress.Clear();
        cancellation.ThrowIfCancellationRequested();
        if (Array.Find(workers, static worker => worker.Failure is not null) is { } failed)
        {
            throw failed.Failure!;
        }

        var total = new Measurement();
        Array.ForEach(workers, worker => total.Add(worker.Measurement));
        return new RoundResult(total, settings.Duration, serverAfter - serverBefore, generatorAfter - generatorBefore);
    }

    private List<Connection> Open(Target target)
    {
        var connections = new List<Connection>(settings.Connections);
        try
        {
            for (var i = 0; i < settings.Connections; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                connections.Add(target.Dialect.Open(target.Address, settings.Timeout, target.Requests.Length, settings.EffectiveDepth));
            }

            return connections;
        }
        catch
        {
            connections.ForEach(static connection => connection.Dispose());
            throw;
        }
    }

    private Worker CreateWorker(Connection connection, Target target, Window window, int number)
    {
        var worker = new WorkerSettings(number, settings.EffectiveDepth, settings.Timeout, settings.Patience, cancellation);
        if (settings.Rate is not { } rate)
        {
            return new ClosedLoopWorker(connection, target, window, worker);
        }

        // Connections take turns: their first requests are spread over one interval.
        var interval = Stopwatch.Frequency * settings.Connections / rate;
        var firstDue = Stopwatch.GetTimestamp() + (long)(interval * number / settings.Connections);
        return new OpenLoopWorker(connection, target, window, worker, firstDue, interval);
    }

    private void WaitUntil(long moment, Worker[] workers, string title)
    {
        var previous = workers.Sum(static worker => worker.Measurement.Answered);
        var since = Stopwatch.GetTimestamp();
        while (Window.Until(moment) is { Ticks: > 0 } rest && !cancellation.IsCancellationRequested)
        {
            cancellation.WaitHandle.WaitOne(rest < ProgressInterval ? rest : ProgressInterval);
            if (Array.Exists(workers, static worker => worker.Failure is not null))
            {
                break;
            }

            if (progress.IsShown && Stopwatch.GetElapsedTime(since) >= ProgressInterval)
            {
                var answered = workers.Sum(static worker => worker.Measurement.Answered);
                var rate = (answered - previous) / Stopwatch.GetElapsedTime(since).TotalSeconds;
                progress.Show($"{title}: {rate:#,0} answers/s, {Window.Until(moment).TotalSeconds:0} s left");
                (previous, since) = (answered, Stopwatch.GetTimestamp());
            }
        }
    }

    private static double? ReadCpu(Target target) => target.ProcessId is { } id ? CpuTime.Read(id) : null;
}
