using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Tests.Outage;

public sealed class FixedRateTests
{
    [Fact]
    public void Run_AClientThatFailsForSomeKeys_AccountsForEachCheck()
    {
        var length = TimeSpan.FromMilliseconds(200);
        var timeline = new Timeline(length, length / 10);
        using var client = new OddClient();

        new FixedRate(client, new KeyMix(10, share: 1, seed: 1).Next, timeline, rate: 1000, length, CancellationToken.None).Run();

        var total = timeline.Between(TimeSpan.Zero, TimeSpan.MaxValue);
        Assert.Equal(200, total.Count);
        Assert.Equal(client.Asked.Count(static key => key % 2 == 1), total.Failed);
        Assert.Equal(0, timeline.FailedSeen);
        Assert.All(timeline.Buckets, static bucket => Assert.Equal(20, bucket.Count));
    }

    private sealed class OddClient : ICheckClient
    {
        public List<uint> Asked { get; } = [];

        public async Task<CheckOutcome> CheckAsync(uint key)
        {
            Asked.Add(key);
            await Task.Yield();
            return key % 2 == 1 ? new CheckOutcome("odd") : CheckOutcome.Decided;
        }

        public void Dispose()
        {
        }
    }
}
