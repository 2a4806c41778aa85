using BenchmarkDotNet.Running;
using FastMixer.Benchmarks.Caching.HitRatios;
using FastMixer.Benchmarks.Caching.Throughput;

switch (args)
{
    case ["hit-ratio", .. string[] rest]:
        return HitRatioCommand.Run(rest);
    case ["cache-throughput", .. string[] rest]:
        return ThroughputCommand.Run(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
