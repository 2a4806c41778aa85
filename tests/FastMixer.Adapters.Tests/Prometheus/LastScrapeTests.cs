using FastMixer.Adapters.Prometheus;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Prometheus;

public sealed class LastScrapeTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task IsTold_WhereNobodyHasEverCome_DoesNotWait() => Assert.True(await new LastScrape(_time).IsToldAsync(5, Longest));

    [Fact]
    public async Task IsTold_WhereTheLastScrapeHadEverything_DoesNotWait()
    {
        var scrape = new LastScrape(_time);
        scrape.Note(5);

        Assert.True(await scrape.IsToldAsync(5, Longest));
    }

    [Fact]
    public async Task IsTold_WaitsForTheScrapeThatHasEverything()
    {
        var scrape = new LastScrape(_time);
        scrape.Note(3);
        Task<bool> told = scrape.IsToldAsync(5, Longest);

        scrape.Note(4);
        Assert.False(told.IsCompleted);
        scrape.Note(5);

        Assert.True(await told);
    }

    [Fact]
    public async Task IsTold_WhereNobodyComesAnyMore_SaysSoWhenTheTimeIsOver()
    {
        var scrape = new LastScrape(_time);
        scrape.Note(3);
        Task<bool> told = scrape.IsToldAsync(5, Longest);

        _time.Advance(Longest);

        Assert.False(await told);
    }
}
