using System.Buffers.Binary;
using FastMixer.Caching.Stripes;

namespace FastMixer.Caching.Tests.Stripes;

/// <summary>Without the guard of <see cref="StripeReader"/>, values are torn.</summary>
public class GuardTests
{
    private const int ValueBytes = 800;
    private const int MostAttempts = 20_000_000;

    /// <summary>Takes some thousands of copies on two cores.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public async Task Copy_WithoutTheGuard_IsTornBesideAWriter()
    {
        var memory = new StripeMemory(1 << 16, entries: 10, boundary: 1000);
        Assert.True(memory.Small.TryAppend(RecordHeader.UnitsOf(0, ValueBytes), out uint place));
        memory.Write(memory.Small, place, index: 0, hash: 1, [], new EntryContent(new byte[ValueBytes], long.MaxValue, 0, -1));
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(() => Replace(memory, stop.Token));

        bool isTorn = false;
        for (int i = 0; i < MostAttempts && !isTorn; i++)
        {
            isTorn = CopyIsTorn(memory);
        }

        await stop.CancelAsync();
        await writer;
        Assert.SkipUnless(isTorn, "No value was torn: reader and writer never ran at once.");
    }

    private static void Replace(StripeMemory memory, CancellationToken stop)
    {
        Span<byte> value = stackalloc byte[ValueBytes];
        for (byte filling = 0; !stop.IsCancellationRequested; filling++)
        {
            value.Fill(filling);
            memory.Replace(index: 0, new EntryContent(value, long.MaxValue, 0, -1));
        }
    }

    private static unsafe bool CopyIsTorn(StripeMemory memory)
    {
        Span<byte> copy = stackalloc byte[ValueBytes];
        new ReadOnlySpan<byte>((byte*)memory.RecordOf(0) + RecordHeader.Bytes, ValueBytes).CopyTo(copy);
        GC.KeepAlive(memory);
        return BinaryPrimitives.ReadUInt64LittleEndian(copy) != BinaryPrimitives.ReadUInt64LittleEndian(copy[^8..]);
    }
}
