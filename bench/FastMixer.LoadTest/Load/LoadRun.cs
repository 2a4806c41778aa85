using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Load;

/// <summary>A whole run: starts what is to be started, learns the sizes, alternates the rounds, and stops what it started.</summary>
internal static class LoadRun
{
    /// <summary>Runs.</summary>
    public static LoadReport Run(LoadOptions options, CancellationToken cancellation)
    {
        options.Pin?.Apply();
        using var child = options.StartCommand.Count > 0
            ? ChildServer.Start("the server", options.StartCommand, options.Pin?.ServerCpu, cancellation)
            : null;
        var address = options.Server
            ?? ServerAddress.Parse(child!.Address(ServerAddress.SchemeName(options.Transport)));
        var processId = child?.ProcessId ?? options.ServerProcessId;
        if (processId is { } id && CpuTime.Read(id) is null)
        {
            throw new LoadTestException($"--server-pid: there is no process {id} to be seen here");
        }

        var check = new CheckTemplate(options.Attributes, options.Keys.Varied, address.Framed);
        var server = new Contestant("server", new Target(address, FastMixerDialect.Instance, check, options.Keys, processId), child);
        var probe = Probe.Ask(address, check, options.Load.Timeout);
        using var floorChild = options.Floor
            ? FloorProcess.Start(address, check.Length, probe.AnswerBytes, options.Pin?.ServerCpu, cancellation)
            : null;
        Contestant[] contestants = floorChild is null ? [server] : [server, FloorProcess.Contestant(floorChild, server.Target)];
        var load = WithDepth(options.Load, probe.Welcome, address);
        return new LoadReport
        {
            Options = options with { Load = load },
            Check = check,
            Software = probe.Welcome.Software,
            AnswerBytes = probe.AnswerBytes,
            Placement = Placement.Describe([.. contestants.Select(static side => (side.Name, side.Target.ProcessId))]),
            Sides = AlternatingRounds.Run(contestants, load, new ProgressLine(), cancellation),
        };
    }

    private static RoundSettings WithDepth(RoundSettings load, Welcome welcome, ServerAddress address)
    {
        if (load.Depth is { } wanted && wanted > welcome.MaxInFlight && address.Framed)
        {
            throw new LoadTestException($"--depth: the server takes {welcome.MaxInFlight} requests in flight on a connection");
        }

        return load with { Depth = load.Depth ?? Math.Min(load.EffectiveDepth, welcome.MaxInFlight) };
    }
}
