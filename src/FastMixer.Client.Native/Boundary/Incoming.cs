using System.Runtime.InteropServices;
using System.Text;

namespace FastMixer.Client.Native.Boundary;

/// <summary>Reads what callers hand in.</summary>
internal static unsafe class Incoming
{
    /// <summary>The length that stands for text with a NUL at its end.</summary>
    private static readonly nuint Terminated = nuint.MaxValue;

    /// <summary>Bytes, in the caller's memory.</summary>
    /// <param name="address">Where they are; may be 0 for none.</param>
    /// <param name="length">How many.</param>
    /// <param name="what">What they are, for the text of a fault.</param>
    /// <exception cref="FaultException">There are none at 0, or more than a message can ever hold.</exception>
    public static ReadOnlySpan<byte> Bytes(nint address, nuint length, string what)
    {
        if (address == 0)
        {
            return length == 0 ? [] : throw Null(what);
        }

        return length <= int.MaxValue
            ? new ReadOnlySpan<byte>((void*)address, (int)length)
            : throw new FaultException(Code.InvalidArgument, $"{what} has {length} bytes: expected at most {int.MaxValue}.");
    }

    /// <summary>Text, in the caller's memory, without its NUL.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="length">How long, or FM_TERMINATED.</param>
    /// <param name="what">What it is, for the text of a fault.</param>
    public static ReadOnlySpan<byte> Text(nint address, nuint length, string what) =>
        length != Terminated ? Bytes(address, length, what)
        : address != 0 ? MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)address)
        : throw Null(what);

    /// <summary>Text with a NUL at its end, copied.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="what">What it is, for the text of a fault.</param>
    public static string String(nint address, string what) => Encoding.UTF8.GetString(Text(address, Terminated, what));

    /// <summary>An array, in the caller's memory.</summary>
    /// <typeparam name="T">Its elements.</typeparam>
    /// <param name="address">Where it is; may be 0 for none.</param>
    /// <param name="count">How many.</param>
    /// <param name="what">What it is, for the text of a fault.</param>
    public static ReadOnlySpan<T> Array<T>(nint address, nuint count, string what)
        where T : unmanaged
    {
        if (count == 0)
        {
            return [];
        }

        return count > (nuint)(int.MaxValue / sizeof(T))
            ? throw new FaultException(Code.InvalidArgument, $"{what} has {count} elements: expected at most {int.MaxValue / sizeof(T)}.")
            : address == 0 ? throw Null(what) : new ReadOnlySpan<T>((void*)address, (int)count);
    }

    /// <summary>Hands something out.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Where to.</param>
    /// <param name="value">It.</param>
    /// <param name="what">What it is, for the text of a fault.</param>
    public static void Write<T>(nint address, T value, string what)
        where T : unmanaged
    {
        RequireAddress(address, what);
        *(T*)address = value;
    }

    /// <summary>Faults where nothing can be handed out.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="what">What it is, for the text of a fault.</param>
    public static void RequireAddress(nint address, string what)
    {
        if (address == 0)
        {
            throw Null(what);
        }
    }

    private static FaultException Null(string what) => new(Code.InvalidArgument, $"{what} is NULL.");
}
