using System.CommandLine;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Output;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer report</c>: hands over the telemetry of some finished requests.</summary>
internal static class ReportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var common = new CommonOptions();
        var command = new ExampleCommand(
            "report", "Hands the server telemetry of finished requests: one record, or one for each object of an array in the file.")
        {
            Examples =
            [
                new("fastmixer report -a request.path=/ -a response.code=200 -a response.duration=20ms", "One record"),
                new("fastmixer report --attributes records.json", "A record for each object in [{…}, {…}]"),
                new("fastmixer report --attributes records.json -a destination.service.name=ratings", "The same, all of one service"),
                new("fastmixer report -a response.size=512 --output json", "For a script"),
            ],
            ExitCodes = ["all records accepted", "some refused for lack of room", "no answer, or a wrong command line or file"],
        };
        common.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Guard.RunAsync(parsed, () => RunAsync(parsed, common, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommonOptions common, CancellationToken cancellationToken)
    {
        IReadOnlyList<AttributeSet> sets = common.ReadRecords(parsed);
        await using var client = new MixerConnection(common.ReadClient(parsed));
        await client.ConnectAsync(cancellationToken);
        AttributeWriter[] records = [.. sets.Select(Encode)];
        try
        {
            long start = TimeProvider.System.GetTimestamp();
            Acknowledgement acknowledgement = await client.ReportAsync(records, cancellationToken);
            TimeSpan latency = TimeProvider.System.GetElapsedTime(start);
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(AcknowledgementPrinter.Print(common.ReadOutput(parsed), acknowledgement, latency));
            return acknowledgement.Refused == 0 ? ExitCode.Success : ExitCode.Negative;
        }
        finally
        {
            Array.ForEach(records, record => record.Dispose());
        }
    }

    private static AttributeWriter Encode(AttributeSet set)
    {
        var writer = new AttributeWriter();
        set.WriteTo(writer);
        return writer;
    }
}
