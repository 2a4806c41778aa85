using System.Diagnostics;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Client.Cache;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Benchmarks.Client;

/// <summary>
/// <c>client-hit [ROUNDS]</c>: what a check costs that is answered from a kept verdict, on one and on two threads of one client. Each check rents attributes over nine
/// prepared ones, sets three, of which the policy reads one, and looks the verdict up.
/// </summary>
internal static class ClientHitCommand
{
    private const int Paths = 1_000;
    private const int Operations = 2_000_000;
    private const int DefaultRounds = 7;

    public static int Run(string[] args)
    {
        int rounds = args.Length > 0 && int.TryParse(args[0], out int given) ? given : DefaultRounds;
        using var subject = new Subject();
        var one = new Round[rounds];
        var two = new Round[rounds];
        Measure(subject, threads: 1);
        for (int round = 0; round < rounds; round++)
        {
            one[round] = Measure(subject, threads: 1);
            two[round] = Measure(subject, threads: 2);
        }

        double rate = 2 * Median(one, round => round.Elapsed) / Median(two, round => round.Elapsed);
        Console.WriteLine($"A hit of 12 attributes, 9 prepared and 3 set, medians of {rounds} rounds [least … most]:");
        Console.WriteLine($"one thread    {Describe(one)}, {(double)one.Min(round => round.Bytes) / Operations:0.##} bytes");
        Console.WriteLine($"two threads   {Describe(two)}; {rate:0.00} times the rate of one");
        return 0;
    }

    private static string Describe(Round[] rounds) =>
        $"{Median(rounds, round => round.Elapsed):0} ns [{rounds.Min(round => round.Elapsed):0} … {rounds.Max(round => round.Elapsed):0}], "
        + $"of processor time {Median(rounds, round => round.Processor):0} ns";

    private static double Median(Round[] rounds, Func<Round, double> value) => rounds.Select(value).Order().ElementAt(rounds.Length / 2);

    private static Round Measure(Subject subject, int threads)
    {
        long allocated = 0;
        using var started = new Barrier(threads + 1);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            started.SignalAndWait();
            long before = GC.GetAllocatedBytesForCurrentThread();
            subject.Check(Operations);
            Interlocked.Add(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        started.SignalAndWait();
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        TimeSpan taken = Environment.CpuUsage.TotalTime - processor;
        return new Round(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Operations, taken.TotalNanoseconds / Operations / threads, allocated);
    }

    /// <summary>What a check cost: elapsed and processor time in nanoseconds, and what all of a round allocated.</summary>
    private readonly record struct Round(double Elapsed, double Processor, long Bytes);

    /// <summary>A client whose verdicts are all kept.</summary>
    private sealed class Subject : IDisposable
    {
        private static readonly ObligingFleet Fleet = new();

        private static readonly string[] Common =
        [
            "source.namespace", "source.name", "source.principal", "destination.service.name", "destination.service.namespace", "destination.service.host",
            "request.host", "request.scheme", "context.protocol",
        ];

        private readonly AttributeSpace _space;
        private readonly Checks _checks;
        private readonly PreparedAttributes _prepared;
        private readonly byte[][] _paths = [.. Enumerable.Range(0, Paths).Select(i => System.Text.Encoding.UTF8.GetBytes($"/products/{i}/reviews"))];
        private readonly AttributeKey _path;
        private readonly AttributeKey _size;
        private readonly AttributeKey _method;

        public Subject()
        {
            var options = new MixerClientOptions { Servers = new FleetOptions { Addresses = ["tcp://nowhere:1"] } };
            _space = new AttributeSpace(options);
            _checks = new Checks(options, _space, Fleet, new NoQuotas(), TimeProvider.System);
            _path = _space.Key("request.path");
            _size = _space.Key("request.size");
            _method = _space.Key("request.method");
            using RequestAttributes common = _space.Rent(prepared: null);
            foreach (string name in Common)
            {
                common.Set(name, $"value-of-{name}");
            }

            _prepared = common.Prepare();
            Check(Paths);
        }

        public void Check(int operations)
        {
            int allowed = 0;
            for (int i = 0; i < operations; i++)
            {
                using RequestAttributes request = _space.Rent(_prepared);
                request.Set(_path, _paths[i % Paths]);
                request.Set(_method, "GET"u8);
                request.Set(_size, i);
                allowed += Await(_checks.CheckAsync(request, CancellationToken.None)).IsAllowed ? 1 : 0;
            }

            if (allowed != operations)
            {
                throw new InvalidOperationException("A check was denied.");
            }
        }

        public void Dispose() => _checks.Dispose();

        // What has completed allocates no task.
        private static CheckResult Await(ValueTask<CheckResult> check) => check.IsCompletedSuccessfully ? check.Result : check.AsTask().GetAwaiter().GetResult();
    }

    private sealed class NoQuotas : IQuotas
    {
        public bool TryTake(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, out IReadOnlyList<QuotaGrant> grants)
        {
            grants = [];
            return false;
        }

        public void Learn(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, Verdict verdict)
        {
        }
    }
}
