using System.CommandLine;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Replay;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer replay</c>: what would the policy have said to the requests of an access log?</summary>
internal static class ReplayCommand
{
    // A datagram holds 8 KiB by default; a record is rarely above 2.
    private const int DatagramReportBytes = 2 * 1024;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var common = new CommonOptions();
        var options = new ReplayCommandOptions();
        var command = new ExampleCommand(
            "replay",
            "Replays a web server's access log: a check and a report for each line, as a sidecar would have sent them.")
        {
            Examples =
            [
                new("fastmixer replay /var/log/nginx/access.log", "Which requests of the log would the policy deny, and why?"),
                new("fastmixer replay access.log.gz --no-report --top 20", "Packed logs are recognized; only checks, longer lists"),
                new(
                    "fastmixer replay access.log -a destination.service.name=shop -a 'request.headers[cookie]=user=x'",
                    "As requests to one service, all with a cookie: -a holds for each request, and overrides the log"),
                new("ssh web1 cat access.log | fastmixer replay - --limit 10000 --output json", "From standard input, for a script"),
            ],
            ExitCodes =
            [
                "all requests of the log were answered, be it with denials", "some were not, or were interrupted",
                "a wrong command line or log, or the server does not answer",
            ],
        };
        options.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Guard.RunAsync(
            parsed, () => RunAsync(parsed, common, options, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, CommonOptions common, ReplayCommandOptions options, CancellationToken cancellationToken)
    {
        AttributeSet operatorsOwn = common.ReadRequest(parsed);
        MixerConnectionOptions clientOptions = common.ReadClient(parsed);
        bool isStream = clientOptions.Server.IsStream;
        ReplayOptions replay = options.Read(parsed);
        replay = isStream ? replay : replay with { ReportBytes = DatagramReportBytes };
        await using Stream source = AccessLogReader.Open(options.ReadFile(parsed));
        var log = new AccessLogReader(source, options.ReadFile(parsed));

        using AttributeWriter? baseAttributes = isStream ? EncodeBase(operatorsOwn) : null;
        clientOptions = clientOptions with { BaseAttributes = baseAttributes, MaxInFlight = replay.Depth + 1 };
        MixerConnection[] clients = [.. Enumerable.Range(0, options.ReadConnections(parsed)).Select(_ => new MixerConnection(clientOptions))];
        try
        {
            await Task.WhenAll(clients.Select(client => client.ConnectAsync(cancellationToken).AsTask()));
            var summary = new ReplaySummary();
            IReplayTarget[] targets = [.. clients.Select(client => new ServerTarget(client))];
            var runner = new ReplayRunner(replay, targets, operatorsOwn, isStream, summary, TimeProvider.System);
            await ReplayProgress.ShowAsync(runner.RunAsync(log.ReadLinesAsync(cancellationToken), cancellationToken), log, summary);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                SummaryPrinter.Print(common.ReadOutput(parsed), summary, replay, options.ReadTop(parsed)));
            return summary.ServerIsGone ? ExitCode.Error : summary.IsComplete ? ExitCode.Success : ExitCode.Negative;
        }
        finally
        {
            foreach (MixerConnection client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    private static AttributeWriter EncodeBase(AttributeSet operatorsOwn)
    {
        var writer = new AttributeWriter();
        foreach ((string name, AttributeValue value) in operatorsOwn.Values)
        {
            // A base inherits nothing, so that nothing can be taken from it.
            if (value is not AbsentValue)
            {
                value.WriteTo(writer, name);
            }
        }

        return writer;
    }
}
