using FastMixer.LoadTest.Load;
using FastMixer.Testing;

namespace FastMixer.LoadTest.Tests.Load;

public sealed class InFlightTests
{
    [Fact]
    public void TryEnd_AnswersInAnyOrder_FindEachRequest()
    {
        var inFlight = new InFlight(3);
        uint[] ids = [inFlight.Add(10, 10), inFlight.Add(20, 20), inFlight.Add(30, 30)];
        Assert.False(inFlight.HasRoom);

        Assert.True(inFlight.TryEnd(ids[1], out var since));
        Assert.Equal(20, since);
        Assert.True(inFlight.TryEnd(ids[0], out since));
        Assert.Equal(10, since);
        Assert.Equal(1, inFlight.Count);
    }

    [Fact]
    public void TryEnd_AnAnswerOfARequestGivenUp_IsNotTakenForTheNextOne()
    {
        var inFlight = new InFlight(1);
        var lost = inFlight.Add(1, sent: 1);
        Assert.Equal(1, inFlight.DropOlder(2));
        var next = inFlight.Add(3, sent: 3);

        Assert.False(inFlight.TryEnd(lost, out _));
        Assert.True(inFlight.TryEnd(next, out _));
    }

    [Fact]
    public void TryEndOldest_SeveralRequests_EndsThemInTheirOrder()
    {
        var inFlight = new InFlight(4);
        inFlight.Add(1, 1);
        inFlight.Add(2, 2);

        Assert.True(inFlight.TryEndOldest(out var since));
        Assert.Equal(1, since);
        inFlight.Add(3, 3);
        Assert.True(inFlight.TryEndOldest(out since));
        Assert.Equal(2, since);
        Assert.True(inFlight.TryEndOldest(out _));
        Assert.False(inFlight.TryEndOldest(out _));
    }

    [Fact]
    public void AddAndEnd_AtSteadyState_AllocateNothing()
    {
        var inFlight = new InFlight(32);
        AllocationAssert.Zero(1000, () => inFlight.TryEnd(inFlight.Add(1, 1), out _));
    }
}
