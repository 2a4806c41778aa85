using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Output;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer check</c>: asks for one verdict.</summary>
internal static class CheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var common = new CommonOptions();
        var quotas = new Option<QuotaRequest[]>("--quota")
        {
            Description = "A quota to take if the request is allowed; 1 of it unless an amount is given. May be given often",
            HelpName = "NAME[=AMOUNT]",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            DefaultValueFactory = _ => [],
            CustomParser = ParseQuotas,
        };
        var command = new ExampleCommand("check", "Asks the server whether a request may pass, and shows the verdict.")
        {
            Examples =
            [
                new("fastmixer check -a request.path=/admin -a source.ip=10.0.0.1", "May 10.0.0.1 ask for /admin?"),
                new(
                    "fastmixer check --attributes request.json -a 'request.headers[cookie]=user=x'",
                    "The request in the file, with another cookie"),
                new(
                    "fastmixer check -a request.time=2015-01-02T15:04:35.5Z -a response.duration=20ms",
                    "Times are RFC 3339, durations 1h2m3.5s, bytes base64, maps JSON objects or NAME[KEY]=VALUE"),
                new("fastmixer check -a billing.amount:INT64=5", "An attribute that only the server's policy declares, with its type"),
                new("fastmixer check -a destination.service.name=ratings --quota requests=2", "Takes 2 of a quota"),
                new("fastmixer check --server unix:///run/fastmixer.sock -a request.method=GET --output json", "For a script"),
            ],
            ExitCodes = ["allowed", "denied", "no verdict: a wrong command line or file, or no answer"],
        };
        common.AddTo(command);
        command.Add(quotas);
        command.SetAction((parsed, cancellationToken) => Guard.RunAsync(
            parsed, () => RunAsync(parsed, common, parsed.GetValue(quotas) ?? [], cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, CommonOptions common, QuotaRequest[] quotas, CancellationToken cancellationToken)
    {
        AttributeSet request = common.ReadRequest(parsed);
        await using var client = new MixerConnection(common.ReadClient(parsed));
        await client.ConnectAsync(cancellationToken);
        using var attributes = new AttributeWriter();
        request.WriteTo(attributes);

        string? deduplicationId = quotas.Length > 0 ? Guid.NewGuid().ToString("N") : null;
        long start = TimeProvider.System.GetTimestamp();
        Verdict verdict = await client.CheckAsync(attributes, quotas, deduplicationId, cancellationToken);
        TimeSpan latency = TimeProvider.System.GetElapsedTime(start);

        TextWriter output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync(VerdictPrinter.Print(common.ReadOutput(parsed), verdict, quotas.Length > 0, latency));
        return verdict.IsAllowed ? ExitCode.Success : ExitCode.Negative;
    }

    private static QuotaRequest[] ParseQuotas(ArgumentResult result)
    {
        var quotas = new List<QuotaRequest>();
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            int equals = text.LastIndexOf('=');
            string name = equals < 0 ? text : text[..equals];
            long amount = 1;
            if (name.Length == 0
                || (equals >= 0 && !long.TryParse(
                    text[(equals + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount)))
            {
                result.AddError($"--quota {text}: expected NAME or NAME=AMOUNT with an integer, such as requests=2");
            }

            quotas.Add(new QuotaRequest(name, amount));
        }

        return [.. quotas];
    }
}
