namespace FastMixer.Caching.Tests;

public class StripedCacheOptionsTests
{
    private static readonly StripedCacheOptions Default = new();

    public static TheoryData<StripedCacheOptions, string> OutOfRange => new()
    {
        { Default with { Bytes = StripedCacheOptions.MinBytes - 1 }, nameof(StripedCacheOptions.Bytes) },
        { Default with { Bytes = (StripedCacheOptions.MaxStripeBytes * StripedCacheOptions.MaxStripes) + 1 }, nameof(StripedCacheOptions.Bytes) },
        { Default with { Bytes = (StripedCacheOptions.MaxStripeBytes * 2) + 2, Stripes = 2 }, nameof(StripedCacheOptions.Bytes) },
        { Default with { Entries = 0 }, nameof(StripedCacheOptions.Entries) },
        { Default with { Entries = StripedCacheOptions.MaxEntries + 1 }, nameof(StripedCacheOptions.Entries) },
        { Default with { Stripes = 3 }, nameof(StripedCacheOptions.Stripes) },
        { Default with { Stripes = -1 }, nameof(StripedCacheOptions.Stripes) },
        { Default with { Stripes = StripedCacheOptions.MaxStripes * 2 }, nameof(StripedCacheOptions.Stripes) },
        { Default with { Stripes = 4, Bytes = StripedCacheOptions.MinBytes * 3 }, nameof(StripedCacheOptions.Stripes) },
        { Default with { ShadowEntries = -1 }, nameof(StripedCacheOptions.ShadowEntries) },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void Constructor_WithAnOptionOutOfRange_NamesIt(StripedCacheOptions options, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new StripedCache(options)).ParamName);

    [Theory]
    [InlineData(300, 1 << 20, 1)]
    [InlineData(131_072, 64 << 20, 32)]
    [InlineData(131_072, 1 << 20, 4)]
    [InlineData(1, StripedCacheOptions.MinBytes, 1)]
    public void StripeCount_WhereNotGiven_FollowsTheSize(int entries, long bytes, int stripes) =>
        Assert.Equal(stripes, new StripedCache(new StripedCacheOptions { Entries = entries, Bytes = bytes }).StripeCount);

    [Fact]
    public void ValidateAndCountStripes_OfMoreThanAStripeCanHave_TakesEnoughStripes() =>
        Assert.Equal(4, (Default with { Entries = 100, Bytes = (StripedCacheOptions.MaxStripeBytes * 2) + 1 }).ValidateAndCountStripes());
}
