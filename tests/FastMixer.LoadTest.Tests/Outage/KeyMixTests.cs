using FastMixer.LoadTest.Outage;

namespace FastMixer.LoadTest.Tests.Outage;

public sealed class KeyMixTests
{
    [Fact]
    public void Next_AllRepeated_StaysBelowTheirNumber() => Assert.All(Draw(new KeyMix(20, share: 1, seed: 1)), static key => Assert.InRange(key, 0u, 19u));

    [Fact]
    public void Next_NoneRepeated_IsNewEachTime() => Assert.Equal(Enumerable.Range(20, 1000).Select(static key => (uint)key), Draw(new KeyMix(20, share: 0, seed: 1)));

    [Fact]
    public void Next_NineOfTenRepeated_IsAboutThat() => Assert.InRange(Draw(new KeyMix(20, share: 0.9, seed: 1)).Count(static key => key < 20), 850, 950);

    [Fact]
    public void Next_TheSameSeed_IsTheSame() => Assert.Equal(Draw(new KeyMix(20, 0.9, seed: 5)), Draw(new KeyMix(20, 0.9, seed: 5)));

    private static uint[] Draw(KeyMix mix) => [.. Enumerable.Range(0, 1000).Select(_ => mix.Next())];
}
