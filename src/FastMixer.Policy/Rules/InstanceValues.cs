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
    private Value[] _values = new Value[8];
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
            _values = new Value[fields.Length];
        }

        for (failedField = 0; failedField < fields.Length; failedField++)
        {
            // A number has no bytes, and bytes have no number.
            _values[failedField] = default;
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
        Span<long> words = MemoryMarshal.Cast<byte, long>(room[..(_count * sizeof(long))]);
        for (int i = 0; i < words.Length; i++)
        {
            ref readonly Value value = ref _values[i];
            words[i] = value.Number | FieldSlice.Of(value.Offset, value.Length);
        }

        _bytes.Written.CopyTo(room[(_count * sizeof(long))..]);
    }

    /// <summary>An INT64, TIMESTAMP (nanoseconds since 1970), DURATION (nanoseconds), or BOOL (0 or 1).</summary>
    /// <param name="field">The field's index.</param>
    public long GetInt64(int field) => Find(field).Number;

    /// <summary>A DOUBLE.</summary>
    /// <param name="field">The field's index.</param>
    public double GetDouble(int field) => BitConverter.Int64BitsToDouble(Find(field).Number);

    /// <summary>A BOOL.</summary>
    /// <param name="field">The field's index.</param>
    public bool GetBool(int field) => Find(field).Number != 0;

    /// <summary>The bytes of text (UTF-8), BYTES or an IP_ADDRESS.</summary>
    /// <param name="field">The field's index.</param>
    public ReadOnlyMemory<byte> GetBytes(int field)
    {
        Value value = Find(field);
        return _bytes.WrittenMemory.Slice(value.Offset, value.Length);
    }

    /// <summary>How many entries a STRING_MAP has.</summary>
    /// <param name="field">The field's index.</param>
    public int GetMapCount(int field) => Find(field).Length;

    /// <summary>Walks a STRING_MAP.</summary>
    /// <param name="field">The field's index.</param>
    public MapEnumerator GetMap(int field)
    {
        Value value = Find(field);
        return new MapEnumerator(_bytes.Written[value.Offset..], value.Length);
    }

    /// <summary>Takes over what another has. No allocation once grown.</summary>
    /// <param name="other">The other; all that it has is copied.</param>
    public void CopyFrom(InstanceValues other)
    {
        Instance = other.Instance;
        _count = other._count;
        _bytes.Reset();
        _bytes.Write(other._bytes.Written);
        if (other.Count > _values.Length)
        {
            _values = new Value[other.Count];
        }

        other._values.AsSpan(0, other.Count).CopyTo(_values);
    }

    /// <summary>
    /// Writes the instance's name and all its fields so that no two that differ in anything come out the same: lengths before bytes, and counts
    /// before entries.
    /// </summary>
    /// <param name="key">Takes the bytes.</param>
    public void WriteKey(PooledBuffer key)
    {
        WriteText(key, Instance.Utf8FullName.Span);
        for (int i = 0; i < Count; i++)
        {
            switch (Instance.Fields[i].Type)
            {
                case AttributeType.Bool or AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration or AttributeType.Double:
                    BitConverter.TryWriteBytes(key.GetSpan(sizeof(long)), _values[i].Number);
                    key.Advance(sizeof(long));
                    break;
                case AttributeType.StringMap:
                    WriteMap(key, i);
                    break;
                default:
                    WriteText(key, GetBytes(i).Span);
                    break;
            }
        }
    }

    /// <summary>Lets go of the instance, so that resting values do not keep a replaced configuration in memory.</summary>
    public void Release() => Instance = null!;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _bytes.Dispose();

    private Value Find(int field) => field < 0 ? default : _values[field];

    private bool TryEvaluate(InstanceField field, EvaluationContext context, ref Value value)
    {
        switch (field.Type)
        {
            case AttributeType.Bool:
                bool evaluated = field.Node.Bool.TryEvaluate(context, out bool flag);
                value.Number = flag ? 1 : 0;
                return evaluated;
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                return field.Node.Int64.TryEvaluate(context, out value.Number);
            case AttributeType.Double:
                evaluated = field.Node.Double.TryEvaluate(context, out double number);
                value.Number = BitConverter.DoubleToInt64Bits(number);
                return evaluated;
            case AttributeType.StringMap:
                evaluated = field.Node.Map.TryEvaluate(context, out MapValue map);
                CopyMap(map, context.Attributes, ref value);
                return evaluated;
            default:
                evaluated = field.Node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> bytes);
                value.Offset = _bytes.Length;
                value.Length = bytes.Length;
                _bytes.Write(bytes);
                return evaluated;
        }
    }

    private void CopyMap(MapValue map, AttributeBag attributes, ref Value value)
    {
        value.Offset = _bytes.Length;
        value.Length = map.Slot == Vocabulary.NoSlot ? 0 : attributes.MapCount(map.Slot);
        for (int i = 0; i < value.Length; i++)
        {
            attributes.GetMapEntry(map.Slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> entry);
            WriteText(_bytes, key);
            WriteText(_bytes, entry);
        }
    }

    private void WriteMap(PooledBuffer key, int field)
    {
        WriteCount(key, GetMapCount(field));
        MapEnumerator map = GetMap(field);
        while (map.MoveNext())
        {
            WriteText(key, map.Key);
            WriteText(key, map.Value);
        }
    }

    private static void WriteText(PooledBuffer buffer, ReadOnlySpan<byte> text)
    {
        WriteCount(buffer, text.Length);
        buffer.Write(text);
    }

    private static void WriteCount(PooledBuffer buffer, int count)
    {
        BitConverter.TryWriteBytes(buffer.GetSpan(sizeof(int)), count);
        buffer.Advance(sizeof(int));
    }

    private struct Value
    {
        public long Number;
        public int Offset;
        public int Length;
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
