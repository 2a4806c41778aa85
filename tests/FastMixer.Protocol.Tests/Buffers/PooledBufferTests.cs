using System.Buffers;
using FastMixer.Protocol.Buffers;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Buffers;

public sealed class PooledBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(70_000)]
    public void Write_InParts_KeepsAllBytes(int length)
    {
        byte[] bytes = Random(length);
        using var buffer = new PooledBuffer();
        foreach (byte[] part in bytes.Chunk(700))
        {
            buffer.Write(part);
        }

        Assert.Equal(length, buffer.Length);
        Assert.Equal(bytes, buffer.Written.ToArray());
        Assert.Equal(bytes, buffer.WrittenMemory.ToArray());
    }

    [Fact]
    public void Write_SequenceInEverySegmentation_KeepsAllBytes()
    {
        byte[] bytes = Random(40);
        using var buffer = new PooledBuffer();
        foreach (ReadOnlySequence<byte> sequence in Segmentation.Every(bytes))
        {
            buffer.Reset();
            buffer.Write(sequence);
            Assert.Equal(bytes, buffer.Written.ToArray());
        }
    }

    [Fact]
    public void GetSpan_AnyHint_HasThatRoomAndWritesAfterAdvance()
    {
        using var buffer = new PooledBuffer();
        buffer.Write([1, 2]);
        Assert.True(buffer.GetSpan(5000).Length >= 5000);
        Assert.False(buffer.GetSpan().IsEmpty);
        buffer.GetMemory(1).Span[0] = 3;
        buffer.Advance(1);
        Assert.Equal([1, 2, 3], buffer.Written.ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Advance_OutsideTheRoom_Throws(int count)
    {
        using var buffer = new PooledBuffer();
        buffer.GetSpan(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(count));
    }

    [Theory]
    [InlineData(64 * 1024, 64 * 1024)]
    [InlineData((64 * 1024) + 1, 0)]
    public void Reset_LargeBuffer_GivesItsMemoryBack(int length, int kept)
    {
        using var buffer = new PooledBuffer();
        buffer.Write(new byte[length]);

        buffer.Reset();

        Assert.Equal(0, buffer.Length);
        Assert.Equal(kept, buffer.Capacity);
    }

    [Fact]
    public void Dispose_ThenUse_BeginsAnew()
    {
        var buffer = new PooledBuffer();
        buffer.Write([1]);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(0, buffer.Length);
        buffer.Write([2]);
        Assert.Equal([2], buffer.Written.ToArray());
        buffer.Dispose();
    }

    [Fact]
    public void Overwrite_ChangesWhatIsWritten_AndNothingBeyond()
    {
        using var buffer = new PooledBuffer();
        buffer.Write([1, 2, 3]);

        buffer.Overwrite(1, [7, 8]);

        Assert.Equal([1, 7, 8], buffer.Written.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Overwrite(2, [9, 9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Overwrite(4, []));
    }

    [Fact]
    public void WriteAndReset_WarmBuffer_AllocatesNothing()
    {
        using var buffer = new PooledBuffer();
        byte[] bytes = Random(3000);
        AllocationAssert.Zero(1000, () =>
        {
            buffer.Reset();
            buffer.Write(bytes);
        });
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
