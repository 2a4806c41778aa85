using System.Buffers.Binary;
using CsCheck;
using FastMixer.Protocol.Buffers;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Buffers;

/// <summary>The ring of reports and of handlers, against a queue and under many producers.</summary>
public sealed class RecordRingTests
{
    private const int ChunkBytes = 4096;

    [Fact]
    public void Operations_InAnyOrder_DoWhatAQueueDoes()
    {
        // Lengths up to more than a chunk; a length below 0 reads instead.
        Gen.Int[-3000, 6000].Array[0, 400].Sample(
            operations =>
            {
                using var ring = new RecordRing<int>(16 * ChunkBytes, ChunkBytes);
                var queue = new Queue<(int Tag, byte[] Bytes)>();
                for (int i = 0; i < operations.Length; i++)
                {
                    if (operations[i] < 0)
                    {
                        ReadBoth(ring, queue);
                    }
                    else if (ring.TryClaim(operations[i], out RingClaim<int> claim))
                    {
                        claim.Bytes.Fill((byte)i);
                        claim.Publish(i);
                        queue.Enqueue((i, claim.Bytes.ToArray()));
                    }
                    else
                    {
                        Assert.NotEmpty(queue);
                    }

                    Assert.True(ring.MemoryBytes <= 16 * ChunkBytes);
                    Assert.Equal(queue.Count > 0, ring.HasNext);
                }

                while (queue.Count > 0)
                {
                    ReadBoth(ring, queue);
                }

                Assert.False(ring.TryPeek(out _));
            },
            iter: 300);
    }

    [Fact]
    public void Ring_WithoutRoom_RefusesUntilSomethingIsRead_AndGivesABurstsMemoryBack()
    {
        using var ring = new RecordRing<int>(8 * ChunkBytes, ChunkBytes);
        int taken = 0;
        while (ring.TryClaim(1000, out RingClaim<int> claim))
        {
            claim.Publish(taken++);
        }

        long full = ring.MemoryBytes;
        for (int i = 0; i < taken; i++)
        {
            Assert.True(ring.TryPeek(out RingRecord<int> record));
            Assert.Equal(i, record.Tag);
            ring.Advance();
        }

        Assert.False(ring.TryPeek(out _));
        Assert.InRange(full, 5 * ChunkBytes, 8 * ChunkBytes);
        for (int i = 0; i < 2_000; i++)
        {
            Assert.True(ring.TryClaim(1000, out RingClaim<int> again));
            again.Publish(i);
            Assert.True(ring.TryPeek(out _));
            ring.Advance();
        }

        Assert.InRange(ring.MemoryBytes, 1, full / 2);
    }

    [Fact]
    public void RingThatFillsAndEmptiesAllTheTime_AllocatesNothing()
    {
        using var ring = new RecordRing<int>(64 * ChunkBytes, ChunkBytes);

        AllocationAssert.Zero(200, () =>
        {
            while (ring.TryClaim(100, out RingClaim<int> claim))
            {
                claim.Publish(0);
            }

            while (ring.TryPeek(out _))
            {
                ring.Advance();
            }
        });
    }

    [Fact]
    public void SkipChunk_LetsGoOfTheOldest_SoThatThereIsRoom()
    {
        using var ring = new RecordRing<int>(8 * ChunkBytes, ChunkBytes);
        int taken = 0;
        while (ring.TryClaim(1000, out RingClaim<int> claim))
        {
            claim.Publish(taken++);
        }

        int skipped = ring.SkipChunk();

        Assert.InRange(skipped, 1, taken - 1);
        Assert.True(ring.TryPeek(out RingRecord<int> record));
        Assert.Equal(skipped, record.Tag);
        Assert.True(ring.TryClaim(1000, out RingClaim<int> again));
        again.Publish(taken);
        Assert.False(ring.IsEmpty);
        while (ring.SkipChunk() > 0)
        {
        }

        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void Ring_ThatIsClosed_TakesNothing_AndGivesWhatItHas()
    {
        using var ring = new RecordRing<int>(8 * ChunkBytes, ChunkBytes);
        Assert.True(ring.TryClaim(10, out RingClaim<int> claim));
        claim.Publish(7);

        ring.Close();

        Assert.False(ring.TryClaim(10, out _));
        Assert.True(ring.TryPeek(out RingRecord<int> record));
        Assert.Equal(7, record.Tag);
    }

    [Fact]
    public void RecordLongerThanTheRing_IsRefused()
    {
        using var ring = new RecordRing<int>(8 * ChunkBytes, ChunkBytes);

        Assert.False(ring.TryClaim(9 * ChunkBytes, out _));
    }

    [Fact]
    public void ManyProducers_LoseNothing_InventNothing_AndKeepTheirOrder()
    {
        const int Producers = 4;
        const int Each = 50_000;
        using var ring = new RecordRing<int>(64 * ChunkBytes, ChunkBytes);
        var seen = new long[Producers];
        Thread[] producers = [.. Enumerable.Range(0, Producers).Select(number => new Thread(() => Produce(ring, number, Each)))];
        Array.ForEach(producers, producer => producer.Start());

        for (int left = Producers * Each; left > 0;)
        {
            if (!ring.TryPeek(out RingRecord<int> record))
            {
                Thread.Yield();
                continue;
            }

            long number = BinaryPrimitives.ReadInt64LittleEndian(record.Bytes);
            Assert.Equal(seen[record.Tag], number);
            Assert.True(record.Bytes[sizeof(long)..].IndexOfAnyExcept((byte)record.Tag) < 0);
            seen[record.Tag]++;
            ring.Advance();
            left--;
        }

        Array.ForEach(producers, producer => producer.Join());
        Assert.False(ring.HasNext);
    }

    [Fact]
    public void RecordThatIsClaimedButNotWritten_HoldsBackThoseBehindIt()
    {
        using var ring = new RecordRing<int>(8 * ChunkBytes, ChunkBytes);
        Assert.True(ring.TryClaim(8, out RingClaim<int> first));
        Assert.True(ring.TryClaim(8, out RingClaim<int> second));
        second.Publish(2);

        Assert.False(ring.TryPeek(out _));
        first.Publish(1);

        Assert.True(ring.TryPeek(out RingRecord<int> record));
        Assert.Equal(1, record.Tag);
    }

    private static void Produce(RecordRing<int> ring, int producer, int count)
    {
        for (long i = 0; i < count;)
        {
            if (!ring.TryClaim(sizeof(long) + (int)(i % 200), out RingClaim<int> claim))
            {
                Thread.Yield();
                continue;
            }

            BinaryPrimitives.WriteInt64LittleEndian(claim.Bytes, i++);
            claim.Bytes[sizeof(long)..].Fill((byte)producer);
            claim.Publish(producer);
        }
    }

    private static void ReadBoth(RecordRing<int> ring, Queue<(int Tag, byte[] Bytes)> queue)
    {
        bool read = ring.TryPeek(out RingRecord<int> record);
        Assert.Equal(queue.TryDequeue(out (int Tag, byte[] Bytes) expected), read);
        if (read)
        {
            Assert.Equal(expected.Tag, record.Tag);
            Assert.True(record.Bytes.SequenceEqual(expected.Bytes));
            ring.Advance();
        }
    }
}
