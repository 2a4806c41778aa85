namespace FastMixer.Client.Native.Boundary;

/// <summary>
/// Structs whose first field says how large the caller knows them: older callers know less of them, newer ones more than this library, which is fine where what it does not know is 0.
/// </summary>
internal static unsafe class SizedStruct
{
    // A size that no version of a struct will reach, so that memory that was never filled is told from a newer header.
    private const nuint MostBytes = 4096;

    /// <summary>Reads one.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="address">Where it is.</param>
    /// <param name="usual">What stands for fields beyond the caller's.</param>
    /// <param name="what">Its name.</param>
    public static T Read<T>(nint address, T usual, string what)
        where T : unmanaged
    {
        nuint size = SizeOf<T>(address, what);
        for (nuint i = (nuint)sizeof(T); i < size; i++)
        {
            if (((byte*)address)[i] != 0)
            {
                throw new FaultException(
                    Code.InvalidArgument,
                    $"{what} has a field that this library does not know, at byte {i}: expected 0 there, or a newer library.");
            }
        }

        new ReadOnlySpan<byte>((void*)address, (int)nuint.Min(size, (nuint)sizeof(T))).CopyTo(new Span<byte>(&usual, sizeof(T)));
        return usual;
    }

    /// <summary>Fills one whose size the caller has set, and leaves the size as it is.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="address">Where it is.</param>
    /// <param name="value">What it is filled with; its own size does not count.</param>
    /// <param name="what">Its name.</param>
    public static void Fill<T>(nint address, T value, string what)
        where T : unmanaged
    {
        nuint size = SizeOf<T>(address, what);
        var target = new Span<byte>((void*)address, (int)size);
        target.Clear();
        *(nuint*)&value = size;
        new ReadOnlySpan<byte>(&value, (int)nuint.Min(size, (nuint)sizeof(T))).CopyTo(target);
    }

    /// <summary>Faults a size that no caller can have.</summary>
    /// <param name="size">The size.</param>
    /// <param name="what">The struct's name.</param>
    public static void RequireSize(nuint size, string what)
    {
        if (size < (nuint)sizeof(nuint) || size > MostBytes)
        {
            throw new FaultException(Code.InvalidArgument, $"{what}.size is {size}: expected sizeof({what}).");
        }
    }

    private static nuint SizeOf<T>(nint address, string what)
        where T : unmanaged
    {
        Incoming.RequireAddress(address, what);
        nuint size = *(nuint*)address;
        RequireSize(size, what);
        return size;
    }
}
