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
        if (options.Pin is { } pin)
        {
            Native.PinThisProcess(pin.ClientCpu);
        }

        using var child = options.StartCommand.Count > 0
            ? ChildServer.Start("the server", options.StartCommand, options.Pin?.ServerCpu, cancellation)
            : null;
        var address = options.Server
            ?? ServerAddress.Parse(child!.Address(ServerAddress.SchemeName(options.Transport)));
        var server = new Target(
            address,
            new CheckTemplate(options.Attributes, options.Keys, address.Framed),
            child?.ProcessId ?? options.ServerProcessId,
            IsFloor: false);

        var (welcome, answerBytes) = Probe(server, options);
        using var floorChild = options.Floor
            ? FloorProcess.Start(address, server.Check.Length, answerBytes, options.Pin?.ServerCpu, cancellation)
            : null;
        var floor = floorChild is null
            ? null
            : server with
            {
                Address = ServerAddress.Parse(floorChild.Address(ServerAddress.SchemeName(address.Scheme))),
                ProcessId = floorChild.ProcessId,
                IsFloor = true,
            };

        if (options.Depth is null)
        {
            options = options with { Depth = Math.Min(options.EffectiveDepth, welcome.MaxInFlight) };
        }

        var progress = new ProgressLine();
        var round = new Round(options, progress, cancellation);
        var serverRounds = new List<RoundResult>();
        var floorRounds = new List<RoundResult>();
        for (var number = 1; number <= options.Rounds; number++)
        {
            serverRounds.Add(Measure(server, child, "server", number));
            if (floor is not null)
            {
                floorRounds.Add(Measure(floor, floorChild, "floor", number));
            }
        }

        return new LoadReport
        {
            Options = options,
            Server = server,
            Software = welcome.Software,
            AnswerBytes = answerBytes,
            Placement = Placement.Describe(server.ProcessId, floor?.ProcessId),
            ServerRounds = serverRounds,
            FloorRounds = floorRounds,
        };

        RoundResult Measure(Target target, ChildServer? process, string name, int number)
        {
            try
            {
                return round.Run(target, $"{name}, round {number} of {options.Rounds}");
            }
            catch (LoadTestException e) when (process?.Ending() is { } ending)
            {
                throw new LoadTestException($"{e.Message}; {ending}");
            }
        }
    }

    private static (Welcome Welcome, int AnswerBytes) Probe(Target server, LoadOptions options)
    {
        if (server.ProcessId is { } id && CpuTime.Read(id) is null)
        {
            throw new LoadTestException($"--server-pid: there is no process {id} to be seen here");
        }

        using var connection = Connection.Open(server.Address, options.Timeout, server.Check.Length, depth: 1);
        var welcome = Handshake.Greet(connection);
        if (options.EffectiveDepth > welcome.MaxInFlight && server.Address.Framed && options.Depth is not null)
        {
            throw new LoadTestException($"--depth: the server takes {welcome.MaxInFlight} requests in flight on a connection");
        }

        return (welcome, Handshake.AskCheck(connection, server.Check));
    }
}
