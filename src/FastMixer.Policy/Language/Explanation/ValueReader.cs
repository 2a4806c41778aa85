using System.Text;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Explanation;

/// <summary>Takes values out of evaluations, to be kept. Allocates.</summary>
public static class ValueReader
{
    /// <summary>The fields of an evaluated instance by name: <c>field</c>, or <c>field[key]</c> for one value of a map.</summary>
    /// <param name="values">The instance's values.</param>
    public static IReadOnlyList<KeyValuePair<string, ExpressionValue>> ReadFields(InstanceValues values) =>
        [.. values.Instance.Fields.Select((field, index) => KeyValuePair.Create(
            field.Key is null ? field.Path : $"{field.Path}[{field.Key}]", new ExpressionValue(field.Type, ReadField(values, field.Type, index))))];

    /// <summary>Evaluates a node.</summary>
    /// <returns>How it ended; the value is null unless there is one.</returns>
    internal static Outcome Evaluate(TypedNode node, EvaluationContext context, out ExpressionValue? value)
    {
        Outcome outcome;
        object? found;
        switch (node.Type)
        {
            case AttributeType.Bool:
                outcome = node.Bool.Evaluate(context, out bool flag);
                found = flag;
                break;
            case AttributeType.Double:
                outcome = node.Double.Evaluate(context, out double number);
                found = number;
                break;
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                outcome = node.Int64.Evaluate(context, out long integer);
                found = integer;
                break;
            case AttributeType.StringMap:
                outcome = node.Map.Evaluate(context, out MapValue map);
                found = outcome == Outcome.Value ? ReadMap(map, context.Attributes) : null;
                break;
            default:
                outcome = node.Bytes.Evaluate(context, out ReadOnlySpan<byte> bytes);
                found = IsBytes(node.Type) ? bytes.ToArray() : Encoding.UTF8.GetString(bytes);
                break;
        }

        context.ReleaseScratch();
        value = outcome == Outcome.Value ? new ExpressionValue(node.Type, found!) : null;
        return outcome;
    }

    private static bool IsBytes(AttributeType type) => type is AttributeType.Bytes or AttributeType.IpAddress;

    private static SortedDictionary<string, string> ReadMap(MapValue map, AttributeBag attributes)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int count = map.Slot == Vocabulary.NoSlot ? 0 : attributes.MapCount(map.Slot);
        for (int i = 0; i < count; i++)
        {
            attributes.GetMapEntry(map.Slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> entry);
            entries[Encoding.UTF8.GetString(key)] = Encoding.UTF8.GetString(entry);
        }

        return entries;
    }

    private static object ReadField(InstanceValues values, AttributeType type, int index)
    {
        switch (type)
        {
            case AttributeType.Bool:
                return values.GetBool(index);
            case AttributeType.Double:
                return values.GetDouble(index);
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                return values.GetInt64(index);
            case AttributeType.StringMap:
                var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
                InstanceValues.MapEnumerator map = values.GetMap(index);
                while (map.MoveNext())
                {
                    entries[Encoding.UTF8.GetString(map.Key)] = Encoding.UTF8.GetString(map.Value);
                }

                return entries;
            default:
                return IsBytes(type) ? values.GetBytes(index).ToArray() : Encoding.UTF8.GetString(values.GetBytes(index).Span);
        }
    }
}
