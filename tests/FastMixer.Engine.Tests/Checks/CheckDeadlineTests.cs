using FastMixer.Engine.Checks;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Engine.Tests.Checks;

public sealed class CheckDeadlineTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void None_NeverPasses()
    {
        Assert.True(CheckDeadline.None.IsNone);
        Assert.False(CheckDeadline.None.HasPassed(_time));
        Assert.Equal(TimeSpan.MaxValue, CheckDeadline.None.Remaining(_time));
    }

    [Fact]
    public void After_PassesWhenItsTimeIsOver()
    {
        CheckDeadline deadline = CheckDeadline.After(_time.GetTimestamp(), TimeSpan.FromMilliseconds(20), _time);

        _time.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(deadline.HasPassed(_time));
        Assert.Equal(TimeSpan.FromMilliseconds(1), deadline.Remaining(_time));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(deadline.HasPassed(_time));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(_time));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void After_NoPatience_HasPassed(int seconds)
    {
        CheckDeadline deadline = CheckDeadline.After(_time.GetTimestamp(), TimeSpan.FromSeconds(seconds), _time);

        Assert.True(deadline.HasPassed(_time));
        Assert.False(deadline.IsNone);
    }

    [Fact]
    public void After_EndlessPatience_NeverPasses()
    {
        CheckDeadline deadline = CheckDeadline.After(_time.GetTimestamp(), TimeSpan.MaxValue, _time);

        _time.Advance(TimeSpan.FromDays(10_000));
        Assert.False(deadline.HasPassed(_time));
    }

    [Fact]
    public void OfTwo_TheEarlierAndTheLaterAreFound_AndNoneIsTheLast()
    {
        var time = new FakeTimeProvider();
        CheckDeadline soon = CheckDeadline.After(time.GetTimestamp(), TimeSpan.FromSeconds(1), time);
        CheckDeadline late = CheckDeadline.After(time.GetTimestamp(), TimeSpan.FromSeconds(2), time);

        foreach ((CheckDeadline first, CheckDeadline last) in ((CheckDeadline, CheckDeadline)[])[(soon, late), (soon, CheckDeadline.None), (soon, soon)])
        {
            Assert.Equal((first, first), (CheckDeadline.Earlier(first, last), CheckDeadline.Earlier(last, first)));
            Assert.Equal((last, last), (CheckDeadline.Later(first, last), CheckDeadline.Later(last, first)));
        }
    }
}
