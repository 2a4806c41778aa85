using CsCheck;
using FastMixer.Caching.Stripes;

namespace FastMixer.Caching.Tests.Stripes;

public class RecordRingTests
{
    private const uint Units = 100;

    private enum Kind
    {
        Append,
        RemoveOldest,
        MoveBoundary,
    }

    [Fact]
    public void TryAppend_AtTheEnd_GoesRoundOnceTheOldestLeftRoom()
    {
        var ring = new RecordRing(0, 10);
        Assert.True(ring.TryAppend(6, out uint first));
        Assert.False(ring.TryAppend(6, out _));

        ring.RemoveOldest(6);

        Assert.True(ring.TryAppend(6, out uint second));
        Assert.Equal((0u, 0u), (first, second));
        Assert.True(ring.TryAppend(4, out uint third));
        ring.RemoveOldest(6);
        Assert.True(ring.TryAppend(5, out uint fourth));
        Assert.Equal((6u, 0u), (third, fourth));
    }

    /// <summary>Two rings share memory and move what is between them: records come back in order, and no two are ever in one place.</summary>
    [Fact]
    public void TwoRings_WithAMovingBoundary_NeverOverlap() =>
        (from kind in Gen.Frequency((10, Gen.Const(Kind.Append)), (5, Gen.Const(Kind.RemoveOldest)), (1, Gen.Const(Kind.MoveBoundary)))
         from isSmall in Gen.Bool
         from size in Gen.UInt[1, 12]
         from boundary in Gen.UInt[13, Units - 13]
         select (kind, isSmall, size, boundary)).Array[300].Sample(Run, iter: 300, threads: 1);

    private static void Run((Kind Kind, bool IsSmall, uint Size, uint Boundary)[] steps)
    {
        var small = new Modelled(new RecordRing(0, 20));
        var main = new Modelled(new RecordRing(20, Units));
        uint boundary = 20;
        foreach ((Kind kind, bool isSmall, uint size, uint wanted) in steps)
        {
            Modelled modelled = isSmall ? small : main;
            boundary = kind == Kind.MoveBoundary ? wanted : boundary;
            Follow(boundary, small.Ring, main.Ring);
            switch (kind)
            {
                case Kind.Append:
                    modelled.Append(size);
                    break;
                case Kind.RemoveOldest:
                    modelled.RemoveOldest();
                    break;
                default:
                    break;
            }

            AssertApart([.. small.Records, .. main.Records]);
            Assert.True(small.Ring.Limit <= main.Ring.Start);
            Assert.All(small.Records, record => Assert.True(record.Place + record.Size <= small.Ring.Limit));
            Assert.All(main.Records, record => Assert.True(record.Place >= main.Ring.Start));
        }
    }

    private static void Follow(uint boundary, RecordRing small, RecordRing main)
    {
        if (boundary > small.Limit)
        {
            main.ShrinkTo(boundary, Units);
            small.Grow(0, main.Start);
        }
        else if (boundary < main.Start)
        {
            small.ShrinkTo(0, boundary);
            main.Grow(small.Limit, Units);
        }
    }

    private static void AssertApart((uint Place, uint Size)[] records)
    {
        (uint Place, uint Size)[] sorted = [.. records.OrderBy(record => record.Place)];
        for (int i = 1; i < sorted.Length; i++)
        {
            Assert.True(sorted[i - 1].Place + sorted[i - 1].Size <= sorted[i].Place);
        }
    }

    private sealed class Modelled(RecordRing ring)
    {
        public RecordRing Ring => ring;

        public Queue<(uint Place, uint Size)> Records { get; } = new();

        public void Append(uint size)
        {
            uint place;
            while (!ring.TryAppend(size, out place))
            {
                RemoveOldest();
            }

            Records.Enqueue((place, size));
        }

        public void RemoveOldest()
        {
            Assert.Equal(Records.Count == 0, ring.IsEmpty);
            if (Records.TryDequeue(out (uint Place, uint Size) record))
            {
                Assert.Equal(record.Place, ring.Oldest);
                ring.RemoveOldest(record.Size);
            }
        }
    }
}
