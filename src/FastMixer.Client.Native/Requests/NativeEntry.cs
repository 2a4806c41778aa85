using System.Runtime.InteropServices;
using FastMixer.Client.Native.Boundary;

namespace FastMixer.Client.Native.Requests;

/// <summary><c>fm_entry</c>: a key and a value of a string map, in the caller's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeEntry
{
    private readonly nint _key;
    private readonly nuint _keyLength;
    private readonly nint _value;
    private readonly nuint _valueLength;

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> KeyBytes => Incoming.Text(_key, _keyLength, "The key of an fm_entry");

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> ValueBytes => Incoming.Text(_value, _valueLength, "The value of an fm_entry");
}
