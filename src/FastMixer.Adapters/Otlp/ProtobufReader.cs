namespace FastMixer.Adapters.Otlp;

/// <summary>Walks the fields of one message; bytes that are none end the walk.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintBits = 64;
    private const int GroupBits = 7;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, of an integer.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its bytes, of a message, bytes or text.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end, or where no field can be read.</returns>
    public bool MoveNext()
    {
        Number = 0;
        Bytes = default;
        if (!TryReadVarint(out ulong tag))
        {
            return false;
        }

        Field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                bool read = TryReadVarint(out ulong number);
                Number = number;
                return read;
            case 1:
                return TryTake(sizeof(ulong), out _);
            case 2:
                if (TryReadVarint(out ulong length) && TryTake(length, out ReadOnlySpan<byte> bytes))
                {
                    Bytes = bytes;
                    return true;
                }

                return false;
            case 5:
                return TryTake(sizeof(uint), out _);
            default:
                return false;
        }
    }

    private bool TryTake(ulong length, out ReadOnlySpan<byte> bytes)
    {
        bool fits = length <= (ulong)_rest.Length;
        bytes = fits ? _rest[..(int)length] : default;
        _rest = fits ? _rest[(int)length..] : default;
        return fits;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < VarintBits && !_rest.IsEmpty; shift += GroupBits)
        {
            byte group = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(group & 0x7f) << shift;
            if (group < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
