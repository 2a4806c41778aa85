using System.Runtime.InteropServices;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Policy.Rules;

/// <summary>
/// The fields of one instance for one request. All bytes are copied in, so that a handler may read them while it waits for a backend. A field
/// that the configuration leaves out, index −1, reads as the zero value of its type. Reused; belongs to one owner at a time; no allocation
/// once grown.
/// </summary>
public sealed class InstanceValues : IDisposable
{
    private readonly PooledBuffer _bytes = new();
    private long[] _values = new long[8];
    private int _count;

    /// <summary>The instance that was evaluated.</summary>
    public Instance Instance { get; private set; } = null!;

    /// <summary>How many fields were evaluated: all of the instance's, or as many as were asked for.</summary>
    public int Count => _count;

    /// <summary>Evaluates an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="context">The request's.</param>
    /// <param name="failedField">The index of the field that has an error, which the context tells.</param>
    /// <returns>False after an error.</returns>
    public bool TryEvaluate(Instance instance, EvaluationContext context, out int failedField) =>
        TryEvaluate(instance, instance.AllFields, context, out failedField);

    /// <summary>Evaluates some fields of an instance, which are then counted from 0.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="context">The request's.</param>
    /// <param name="failedField">The index of the field that has an error, which the context tells.</param>
    /// <returns>False after an error.</returns>
    public bool TryEvaluate(Instance instance, ReadOnlySpan<InstanceField> fields, EvaluationContext context, out int failedField)
    {
        Instance = instance;
        _bytes.Reset();
        _count = fields.Length;
        if (fields.Length > _values.Length)
        {
            _values = new long[fields.Length];
        }

        for (failedField = 0; failedField < fields.Length; failedField++)
        {
            if (!TryEvaluate(fields[failedField], context, ref _values[failedField]))
            {
                context.ReleaseScratch();
                return false;
            }
        }

        context.ReleaseScratch();
        return true;
    }

    /// <summary>How many bytes <see cref="EncodeTo"/> needs.</summary>
    public int EncodedLength => (_count * sizeof(long)) + _bytes.Length;

    /// <summary>Writes all values for <see cref="EncodedFields"/>: equal values give equal bytes.</summary>
    /// <param name="room">At least <see cref="EncodedLength"/> bytes.</param>
    public void EncodeTo(Span<byte> room)
    {
        ReadOnlySpan<byte> words = MemoryMarshal.AsBytes(_values.AsSpan(0, _count));
        words.CopyTo(room);
        _bytes.Written.CopyTo(room[words.Length..]);
    }

    /// <summary>An INT64, TIMESTAMP (nanoseconds since 1970), DURATION (nanoseconds), or BOOL (0 or 1).</summary>
    /// <param name="field">The field's index.</param>
    public long GetInt64(int field) => Find(field);

    /// <summary>A DOUBLE.</summary>
    /// <param name="field">The field's index.</param>
    public double GetDouble(int field) => BitConverter.Int64BitsToDouble(Find(field));

    /// <summary>A BOOL.</summary>
    /// <param name="field">The field's index.</param>
    public bool GetBool(int field) => Find(field) != 0;

    /// <summary>The bytes of text (UTF-8), BYTES or an IP_ADDRESS.</summary>
    /// <param name="field">The field's index.</param>
    public ReadOnlyMemory<byte> GetBytes(int field)
    {
        long slice = Find(field);
        return _bytes.WrittenMemory.Slice(FieldSlice.Offset(slice), FieldSlice.Length(slice));
    }

    /// <summary>How many entries a STRING_MAP has.</summary>
    /// <param name="field">The field's index.</param>
    public int GetMapCount(int field) => FieldSlice.Length(Find(field));

    /// <summary>Walks a STRING_MAP.</summary>
    /// <param name="field">The field's index.</param>
    public MapEnumerator GetMap(int field)
    {
        long slice = Find(field);
        return new MapEnumerator(_bytes.Written[FieldSlice.Offset(slice)..], FieldSlice.Length(slice));
    }

    /// <summary>Lets go of the instance, so that resting values do not keep a replaced configuration in memory.</summary>
    public void Release() => Instance = null!;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _bytes.Dispose();

    private long Find(int field) => field < 0 ? 0 : _values[field];

    private bool TryEvaluate(InstanceField field, EvaluationContext context, ref long value)
    {
        switch (field.Type)
        {
            case AttributeType.Bool:
                bool evaluated = field.Node.Bool.TryEvaluate(context, out bool flag);
                value = flag ? 1 : 0;
                return evaluated;
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                return field.Node.Int64.TryEvaluate(context, out value);
            case AttributeType.Double:
                evaluated = field.Node.Double.TryEvaluate(context, out double number);
                value = BitConverter.DoubleToInt64Bits(number);
                return evaluated;
            case AttributeType.StringMap:
                evaluated = field.Node.Map.TryEvaluate(context, out MapValue map);
                value = CopyMap(map, context.Attributes);
                return evaluated;
            default:
                evaluated = field.Node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> bytes);
                value = FieldSlice.Of(_bytes.Length, bytes.Length);
                _bytes.Write(bytes);
                return evaluated;
        }
    }

    private long CopyMap(MapValue map, AttributeBag attributes)
    {
        int offset = _bytes.Length;
        int count = map.Slot == Vocabulary.NoSlot ? 0 : attributes.MapCount(map.Slot);
        for (int i = 0; i < count; i++)
        {
            attributes.GetMapEntry(map.Slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> entry);
            WriteText(key);
            WriteText(entry);
        }

        return FieldSlice.Of(offset, count);
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        BitConverter.TryWriteBytes(_bytes.GetSpan(sizeof(int)), text.Length);
        _bytes.Advance(sizeof(int));
        _bytes.Write(text);
    }

    /// <summary>A walk over a STRING_MAP.</summary>
    public ref struct MapEnumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _left;

        internal MapEnumerator(ReadOnlySpan<byte> rest, int count)
        {
            _rest = rest;
            _left = count;
        }

        /// <summary>The key, UTF-8.</summary>
        public ReadOnlySpan<byte> Key { get; private set; }

        /// <summary>The value, UTF-8.</summary>
        public ReadOnlySpan<byte> Value { get; private set; }

        /// <summary>Goes to the next entry.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            Key = Take();
            Value = Take();
            return true;
        }

        private ReadOnlySpan<byte> Take()
        {
            int length = BitConverter.ToInt32(_rest);
            ReadOnlySpan<byte> text = _rest.Slice(sizeof(int), length);
            _rest = _rest[(sizeof(int) + length)..];
            return text;
        }
    }
}
