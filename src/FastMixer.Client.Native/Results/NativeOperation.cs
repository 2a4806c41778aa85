using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FastMixer.Client.Native.Boundary;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Native.Results;

/// <summary><c>fm_header_operation</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("CodeQuality", "IDE0052:Remove unread private members", Justification = "Read by the caller.")]
internal readonly struct NativeOperation
{
    private readonly int _kind;
    private readonly nint _name;
    private readonly nuint _nameLength;
    private readonly nint _value;
    private readonly nuint _valueLength;

    /// <summary>A change of a header.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="name">The header.</param>
    /// <param name="value">The value.</param>
    public NativeOperation(HeaderOperationKind kind, PinnedText name, PinnedText value)
    {
        _kind = (int)kind;
        _name = name.Address;
        _nameLength = (nuint)name.Length;
        _value = value.Address;
        _valueLength = (nuint)value.Length;
    }
}
