using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class KeyMovesTests
{
    [Fact]
    public void Compare_KeysOfTheOneThatLeft_AreNotNeedless() =>
        Assert.Equal(
            new KeyMoves(Keys: 4, Left: 1, Needless: 0, Returned: 1, Home: 4),
            KeyMoves.Compare([0, 1, 2, 3], [0, 1, 2, 0], [0, 1, 2, 3], leaver: 3));

    [Fact]
    public void Compare_AKeyOfAnotherThatMoves_IsNeedless() =>
        Assert.Equal(
            new KeyMoves(Keys: 4, Left: 2, Needless: 1, Returned: 1, Home: 3),
            KeyMoves.Compare([0, 1, 2, 3], [1, 1, 2, 0], [1, 1, 2, 3], leaver: 3));
}
