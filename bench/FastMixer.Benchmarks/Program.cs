using BenchmarkDotNet.Running;
using FastMixer.Benchmarks.Caching.HitRatios;
using FastMixer.Benchmarks.Caching.Throughput;
using FastMixer.Benchmarks.Client;

switch (args)
{
    case ["hit-ratio", .. string[] rest]:
        return HitRatioCommand.Run(rest);
    case ["cache-throughput", .. string[] rest]:
        return ThroughputCommand.Run(rest);
    case ["client-hit", .. string[] rest]:
        return ClientHitCommand.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
