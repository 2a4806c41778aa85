using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FastMixer.Client.Native.Boundary;

/// <summary>Text that C can read: UTF-8 that ends with a NUL, at an address that stays while this object does. Belongs to one thread at a time.</summary>
internal sealed class PinnedText
{
    private byte[] _bytes = [];

    /// <summary>Bytes without the NUL.</summary>
    public int Length { get; private set; }

    /// <summary>Where it is, until it is set again to something longer.</summary>
    public unsafe nint Address => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <summary>A text.</summary>
    /// <param name="text">What it says.</param>
    public static PinnedText Of(string text)
    {
        var pinned = new PinnedText();
        pinned.Set(text);
        return pinned;
    }

    /// <summary>Says something else.</summary>
    /// <param name="text">What it says.</param>
    public void Set(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (most > _bytes.Length)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(most, pinned: true);
        }

        Length = Encoding.UTF8.GetBytes(text, _bytes);
        _bytes[Length] = 0;
    }
}
