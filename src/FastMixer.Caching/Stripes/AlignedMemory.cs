using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastMixer.Caching.Stripes;

/// <summary>Memory that does not move, aligned to cache lines, zeroed. Lives as long as this object is reachable.</summary>
internal sealed unsafe class AlignedMemory
{
    private const int LineBytes = 64;

    // Holds the memory: the collector knows nothing of pointers.
    private readonly byte[] _array;

    /// <summary>Allocates.</summary>
    /// <param name="bytes">How much, less than 2 GiB by two lines.</param>
    public AlignedMemory(long bytes)
    {
        _array = GC.AllocateArray<byte>(checked((int)(bytes + LineBytes)), pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Start = (byte*)((start + LineBytes - 1) & ~(nuint)(LineBytes - 1));
    }

    /// <summary>The first byte; whoever uses it must hold this object.</summary>
    public byte* Start { get; }

    /// <summary>How much memory it takes, alignment included.</summary>
    public long Bytes => _array.Length;
}
