using System.Globalization;
using CsCheck;
using FastMixer.Engine.Verdicts;

namespace FastMixer.Engine.Tests.Verdicts.Model;

/// <summary>
/// The search for a wrong answer of the cache. <c>FASTMIXER_MODEL_CHECKS</c> says how many checks are made; 200,000 if it is not set.
/// </summary>
public sealed class WrongAnswerTests
{
    private const int ChecksPerPolicy = 4_000;

    private static readonly long Checks =
        long.Parse(Environment.GetEnvironmentVariable("FASTMIXER_MODEL_CHECKS") ?? "200000", CultureInfo.InvariantCulture);

    [Fact]
    public void Verdicts_OfAnyPolicyRequestsAndTimes_AreSuchAsEvaluationGives()
    {
        long hits = 0;
        long stale = 0;
        Gen.Int.Sample(
            seed =>
            {
                var run = new ModelRun(seed);
                run.Run(ChecksPerPolicy);
                VerdictCacheStatistics statistics = run.Statistics;
                Interlocked.Add(ref hits, statistics.Hits);
                Interlocked.Add(ref stale, statistics.Misses.Snapshot);
                run.DisposeAsync().AsTask().GetAwaiter().GetResult();
            },
            iter: Math.Max(1, Checks / ChecksPerPolicy),
            threads: 1);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Checks:N0} checks, of which {hits:N0} were hits, and {stale:N0} misses for a policy that had changed");
        Assert.True(hits > Checks / 10);
        Assert.True(stale > 0);
    }
}
