using System.Runtime.InteropServices;

namespace FastMixer.Policy.Rules;

/// <summary>
/// Evaluated fields as bytes, in the layout that <see cref="InstanceValues.EncodeTo"/> writes: eight bytes a field, which are its number or say where
/// its bytes are, then all bytes. Equal values have equal bytes. A view: valid as long as the bytes it was made of. A field of index −1 reads as the
/// zero value of its type.
/// </summary>
public readonly ref struct EncodedFields
{
    private readonly ReadOnlySpan<InstanceField> _fields;
    private readonly ReadOnlySpan<byte> _encoded;

    /// <summary>A view.</summary>
    /// <param name="fields">The fields, as many and in the order as they were encoded.</param>
    /// <param name="encoded">Their values.</param>
    public EncodedFields(ReadOnlySpan<InstanceField> fields, ReadOnlySpan<byte> encoded)
    {
        _fields = fields;
        _encoded = encoded;
    }

    /// <summary>How many fields there are.</summary>
    public int Count => _fields.Length;

    /// <summary>A field's name and type.</summary>
    /// <param name="field">Its index, from 0.</param>
    public InstanceField this[int field] => _fields[field];

    /// <summary>All values as bytes.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>An INT64, TIMESTAMP (nanoseconds since 1970), DURATION (nanoseconds), or BOOL (0 or 1).</summary>
    /// <param name="field">The field's index.</param>
    public long GetInt64(int field) => Word(field);

    /// <summary>A DOUBLE.</summary>
    /// <param name="field">The field's index.</param>
    public double GetDouble(int field) => BitConverter.Int64BitsToDouble(Word(field));

    /// <summary>A BOOL.</summary>
    /// <param name="field">The field's index.</param>
    public bool GetBool(int field) => Word(field) != 0;

    /// <summary>The bytes of text (UTF-8), BYTES or an IP_ADDRESS (4 or 16, network order).</summary>
    /// <param name="field">The field's index.</param>
    public ReadOnlySpan<byte> GetBytes(int field)
    {
        long slice = Word(field);
        return Heap.Slice(FieldSlice.Offset(slice), FieldSlice.Length(slice));
    }

    /// <summary>Walks a STRING_MAP.</summary>
    /// <param name="field">The field's index.</param>
    public InstanceValues.MapEnumerator GetMap(int field)
    {
        long slice = Word(field);
        return new InstanceValues.MapEnumerator(Heap[FieldSlice.Offset(slice)..], FieldSlice.Length(slice));
    }

    private ReadOnlySpan<byte> Heap => _encoded[(_fields.Length * sizeof(long))..];

    private long Word(int field) => field < 0 ? 0 : MemoryMarshal.Read<long>(_encoded[(field * sizeof(long))..]);
}

/// <summary>Where the bytes of a field are among those of all fields, packed into 64 bits: the offset above, the length below. Of a map, the length counts entries.</summary>
internal static class FieldSlice
{
    /// <summary>Packs.</summary>
    public static long Of(int offset, int length) => ((long)offset << 32) | (uint)length;

    /// <summary>The offset.</summary>
    public static int Offset(long slice) => (int)(slice >> 32);

    /// <summary>The length.</summary>
    public static int Length(long slice) => (int)slice;
}
