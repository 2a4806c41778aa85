using System.Runtime.InteropServices;

namespace FastMixer.Caching.Stripes;

/// <summary>What stands before the key and the value of a record: 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct RecordHeader
{
    /// <summary>The size of the header.</summary>
    public const int Bytes = 28;

    /// <summary>Records begin at multiples of this many bytes.</summary>
    public const int UnitBytes = 8;

    /// <summary>The key's hash.</summary>
    public ulong Hash;

    /// <summary>When the entry's time is over.</summary>
    public long Expires;

    /// <summary>How long it was to live.</summary>
    public uint Life;

    /// <summary>The key's length.</summary>
    public ushort KeyLength;

    /// <summary>The value's length.</summary>
    public ushort ValueLength;

    /// <summary>Grows by two whenever the value is replaced where it is; odd while that goes on.</summary>
    public uint Version;

    /// <summary>How much room the record takes, in units.</summary>
    public readonly uint Units => UnitsOf(KeyLength, ValueLength);

    /// <summary>How much room a record takes, in units.</summary>
    /// <param name="keyLength">The key's length.</param>
    /// <param name="valueLength">The value's length.</param>
    public static uint UnitsOf(int keyLength, int valueLength) => (uint)(Bytes + keyLength + valueLength + UnitBytes - 1) / UnitBytes;
}
