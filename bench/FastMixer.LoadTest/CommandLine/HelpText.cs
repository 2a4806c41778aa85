namespace FastMixer.LoadTest.CommandLine;

/// <summary>How to use each command, and how to read what it reports.</summary>
internal static class HelpText
{
    private const string Exit = "Exit code: 0 measured, 1 measured but with errors, lost or unsent requests, 2 could not measure, 130 interrupted.";

    private const string Load = $$"""
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

          The experiments start all they need, pin it, and compare it in turns:
            fastmixer-loadtest latency
            fastmixer-loadtest throughput
            fastmixer-loadtest overload
            fastmixer-loadtest outage --figure outage.svg
            fastmixer-loadtest reports ingest
            fastmixer-loadtest fleet routing --figure fleet.svg

        Reading the report:
          Latency is from before a request is written until its answer is read, with --rate from the moment it was due.
          "sent late" is the generator's own part of that. CPU/request is user and kernel time of the server's process for one
          request, generator CPU that of this tool. --start names the server itself (no script), so that this is its time.
          Numbers depend on where the processes run: use --pin, and compare only what ran on the same machine. The floor
          runs on this machine, so compare it with a server on this machine.

        Attributes are written as JSON and sent in the types of spec/attributes.txt:
          {"request.path": "/admin", "source.ip": "10.1.2.3", "request.headers": {"cookie": "a=b"}, "response.duration": "15ms"}

        {{Exit}}
        """;

    private const string Latency = $"""
        Examples:
          fastmixer-loadtest latency                                  all three, about four minutes
          fastmixer-loadtest latency hit --pin 0,0                    both sides on one CPU: what the software costs, without wake-ups
          fastmixer-loadtest latency backend --delay 20ms --rounds 3
          fastmixer-loadtest latency --duration 500ms --rounds 2      a try; its numbers mean nothing

        Reading the report:
          hit      the same requests over and over: the server's cache has their verdicts
          miss     each request has a path of its own, which the policy reads: no cache can have its verdict
          backend  each request is new, and the policy asks an authorizer over HTTP, which this tool starts

          server/floor is the ratio to a bare socket echo of as many bytes, measured in turns with the server; behind it, in brackets, between
          what the ratios of single rounds lie. Where these are far apart, something else was running: repeat it on a quiet machine.
          The policies are in bench/policies; fastmixer serve --config takes them too.

        {Exit}
        """;

    private const string Throughput = $"""
        Examples:
          fastmixer-loadtest throughput                               beside Redis, Garnet and the floor, about three minutes
          fastmixer-loadtest throughput --peers garnet,floor          without a Redis server (apt-get install redis-server)
          fastmixer-loadtest throughput --redis valkey-server --key-bytes 32
          fastmixer-loadtest throughput --duration 500ms --rounds 2   a try; its numbers mean nothing

        Reading the report:
          All servers run on the same CPU, one at a time, and are driven by the same generator with as many requests in flight. A GET is as
          long as a check and its reply as long as a verdict, unless --key-bytes says otherwise. CPU/request is the server's: where the
          generator was the limit (a line below the table says so), compare this and not requests/s.

        {Exit}
        """;

    private const string Overload = $"""
        Examples:
          fastmixer-loadtest overload                                 half, all, twice and again half of what the server can
          fastmixer-loadtest overload --loads 1.5,3 --patience 20ms

        Reading the report:
          in time  verdicts within the patience, from the moment the check was due
          late     verdicts after it: work that nobody needed
          shed     refused at once with error 11 (overloaded): the caller can decide by itself, or ask elsewhere
          expired  given up by the server with error 16 (deadline-exceeded)
          failed   other errors, no answer, or no room to be sent

          A server without shedding turns late for all as soon as the load is above its capacity. One that sheds keeps "in time/s" near its
          capacity. The last load shows whether it recovers. The policy (bench/policies/costly) is expensive on purpose.

        {Exit}
        """;

    private const string Outage = """
        Examples:
          fastmixer-loadtest outage --figure outage.svg               90 seconds, the backend is down for the 30 in the middle
          fastmixer-loadtest outage --duration 9s                     the same, a tenth as long
          fastmixer-loadtest outage --manner reset --timeout 100ms

        Reading the report:
          Both sides ask the same requests at the same times and wait equally long, each behind a backend of its own that fails alike. A check
          has failed when there was no decision in time; "failed, seen" are those whose request had been decided before, which a stale
          answer could have helped. The policy is bench/policies/outage.

        Exit code: 0 no check failed with FastMixer whose request had been decided before, 1 some did, 2 could not measure, 130 interrupted.
        """;

    private const string Reports = """
        Examples:
          fastmixer-loadtest reports ingest                           half a minute: records a second and CPU time of one
          fastmixer-loadtest reports beside-checks                    a minute and a half: a check's p50 and p99, beside reports and alone
          fastmixer-loadtest reports prometheus --records 5000000     half a minute, with Debian's package prometheus
          fastmixer-loadtest reports outage                           twelve minutes, the backend of a log is down for ten of them
          fastmixer-loadtest reports outage --duration 30s            a try, too short for what it says of memory

        Reading the report:
          A report has 100 records of fifteen attributes, of which five differ from the record before. Clients keep what is refused and send it
          again when the server says. The policies are bench/policies/reports, scraped and logged.
          ingest         CPU/record is user and kernel time of the server's process. refused is what had no room and was sent again, dropped what
                         was taken and not delivered.
          beside-checks  beside/alone is the ratio of p50 and p99, measured in turns. The senders of reports give way to those of checks.
          prometheus     difference must be 0: what the samples of a real Prometheus come to, less what was acknowledged.
          outage         each difference must be 0: what must be equal at the end, when the backend is back and nothing is held. handler full is what
                         had no room while the backend was down, handler error what was tried eight times. memory is the server's resident memory
                         since rings had time to fill: its mean in the last third of the run is at most 1.1 times that in the first.

        Exit code: 0 measured and all agrees, 1 not so, 2 could not measure, 130 interrupted.
        """;

    private const string Fleet = """
        Examples:
          fastmixer-loadtest fleet routing --figure fleet.svg         random routing, then sharding; three minutes
          fastmixer-loadtest fleet restart                            45 seconds: each of four servers drained and started again, under load
          fastmixer-loadtest fleet restart --kill                     the same with kill -9
          fastmixer-loadtest fleet slow --delay 50ms                  one of four servers turns slow, without hedging and with it

        Reading the report:
          routing  Sidecars keep no verdicts, so that each check meets a server's cache, which is smaller than there are keys; what it has not, the
                   backend is asked for. hit ratio: with all four from a sixth of the time on, while server 4 is away, and after it has returned,
                   empty. busiest/mean: checks of the busiest server over the mean, in a part of its own where half of all checks have one key.
          restart  Each check is followed by a report. failed: checks that no server and no kept verdict has answered in its time. With kill, what a
                   server has acknowledged and not written yet dies with it: written by servers may be less than acknowledged.
          slow     A proxy hands on the answers of server 4 late; p50, p95 and p99 of all checks before and after. "hedging, 0.05 a check" may ask
                   5 in 100 checks twice, which does for rare delays; with one slow server of four, a quarter of the checks need it.

        Exit code: 0 measured, 1 a check failed, a record was lost, or a bound was not held (VIOLATED says which), 2 could not measure,
        130 interrupted.
        """;

    private const string Backend = """
        Examples:
          fastmixer-loadtest backend --delay 10ms --availability 0.999 --max-age 5s
          fastmixer-loadtest backend --outage 30s+30s --manner reset
          fastmixer serve --config bench/policies/webhook             in another terminal: asks it
          curl http://127.0.0.1:9381/-/statistics

        It runs until SIGTERM or Ctrl+C.
        """;

    /// <summary>The text for a command below the root, with all of its parts; that of the root for any other.</summary>
    public static string Of(string command) => command switch
    {
        "latency" => Latency,
        "throughput" => Throughput,
        "overload" => Overload,
        "outage" => Outage,
        "reports" => Reports,
        "fleet" => Fleet,
        "backend" => Backend,
        _ => Load,
    };
}
