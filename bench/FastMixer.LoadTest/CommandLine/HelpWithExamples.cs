using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The help of the options, and below it how to use and read the tool.</summary>
internal sealed class HelpWithExamples(HelpAction options) : SynchronousCommandLineAction
{
    private const string Text = """
        Examples:
          One connection, one request at a time: the latency of a lonely sidecar.
            fastmixer-loadtest --server tcp://127.0.0.1:9191

          Throughput, with the server's CPU time per request:
            fastmixer-loadtest --server tcp://127.0.0.1:9191 --connections 4 --depth 64 --server-pid $(pidof fastmixer)

          Latency at a load that is given (the closed loop above asks less when the server is slow, this one does not):
            fastmixer-loadtest --server unix:///run/fastmixer.sock --rate 20000 --connections 4 --duration 60s

          How far the server is from the bare sockets, all in one command, server on CPU 0 and generator on CPU 1:
            fastmixer-loadtest --start "fastmixer serve --config samples/" --floor --pin 0,1

          A cache of a million keys, a check of one's own, numbers for a script:
            fastmixer-loadtest --server udp://127.0.0.1:9191 --keys 1000000 --attributes check.json --output json

        Reading the report:
          Latency is from before a request is written until its answer is read, with --rate from the moment it was due.
          "sent late" is the generator's own part of that. CPU/request is user and kernel time of the server's process for one
          request, generator CPU that of this tool. --start names the server itself (no script), so that this is its time.
          Numbers depend on where the processes run: use --pin, and compare only what ran on the same machine. The floor
          runs on this machine, so compare it with a server on this machine.

        Attributes are written as JSON and sent in the types of spec/attributes.txt:
          {"request.path": "/admin", "source.ip": "10.1.2.3", "request.headers": {"cookie": "a=b"}, "response.duration": "15ms"}

        Exit code: 0 measured, 1 measured but with errors, lost or unsent requests, 2 could not measure, 130 interrupted.
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = options.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return result;
    }
}
