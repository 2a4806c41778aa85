using System.Text;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>
/// An attribute with its value as an object: string, long, double, bool, byte[] or an array of key and value; null where it is removed.
/// </summary>
internal sealed record Fact(string Name, AttributeType Type, object? Value)
{
    public void WriteTo(AttributeWriter writer)
    {
        switch (Value)
        {
            case null:
                writer.Remove(Name);
                break;
            case long number when Type == AttributeType.Timestamp:
                writer.SetTimestamp(Name, number);
                break;
            case long number when Type == AttributeType.Duration:
                writer.SetDuration(Name, number);
                break;
            case long number:
                writer.Set(Name, number);
                break;
            case double number:
                writer.Set(Name, number);
                break;
            case bool flag:
                writer.Set(Name, flag);
                break;
            case byte[] address when Type == AttributeType.IpAddress:
                writer.SetIpAddress(Name, address);
                break;
            case byte[] bytes:
                writer.SetBytes(Name, bytes);
                break;
            case KeyValuePair<string, string>[] entries:
                writer.Set(Name, entries);
                break;
            default:
                writer.Set(Name, (string)Value);
                break;
        }
    }

    public override string ToString() => Value is KeyValuePair<string, string>[] map
        ? $"{Name}={{{string.Join(", ", map)}}}"
        : $"{Name}={(Value is byte[] bytes ? Convert.ToHexString(bytes) : Value ?? "nil")}";
}

/// <summary>Sets of facts: into writers, and held against bags.</summary>
internal static class Facts
{
    public static AttributeWriter ToWriter(this IEnumerable<Fact> facts, int wordCount = 266)
    {
        var writer = new AttributeWriter(wordCount);
        foreach (Fact fact in facts)
        {
            fact.WriteTo(writer);
        }

        return writer;
    }

    /// <summary>Asserts that a bag has these attributes with these values, and no other.</summary>
    public static void AssertSame(IEnumerable<Fact> expected, AttributeBag bag)
    {
        Vocabulary vocabulary = bag.Selection.Vocabulary;
        var bySlot = expected.Where(fact => fact.Value is not null).ToDictionary(fact => Slot(vocabulary, fact.Name));
        for (int slot = 0; slot < vocabulary.Count; slot++)
        {
            bool wanted = bySlot.TryGetValue(slot, out Fact? fact);
            Assert.True(wanted == bag.Contains(slot), $"{vocabulary[slot].Name} is {(wanted ? "missing" : "not expected")}");
            if (wanted)
            {
                AssertValue(fact!, bag, slot);
            }
        }
    }

    private static int Slot(Vocabulary vocabulary, string name)
    {
        Assert.True(vocabulary.TryGetSlot(name, out int slot), $"{name} is not declared");
        return slot;
    }

    private static void AssertValue(Fact fact, AttributeBag bag, int slot)
    {
        switch (fact.Value)
        {
            case long number:
                Assert.True(bag.TryGetInt64(slot, out long integer));
                Assert.Equal(number, integer);
                break;
            case double number:
                Assert.True(bag.TryGetDouble(slot, out double real));
                Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(real));
                break;
            case bool flag:
                Assert.True(bag.TryGetBool(slot, out bool found));
                Assert.Equal(flag, found);
                break;
            case KeyValuePair<string, string>[] entries:
                AssertMap(entries, bag, slot);
                break;
            default:
                byte[] bytes = fact.Value as byte[] ?? Encoding.UTF8.GetBytes((string)fact.Value!);
                Assert.True(bag.TryGetBytes(slot, out ReadOnlySpan<byte> span));
                Assert.Equal(bytes, span.ToArray());
                break;
        }
    }

    private static void AssertMap(KeyValuePair<string, string>[] entries, AttributeBag bag, int slot)
    {
        Assert.Equal(entries.Length, bag.MapCount(slot));
        for (int i = 0; i < entries.Length; i++)
        {
            bag.GetMapEntry(slot, i, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
            Assert.Equal(entries[i].Key, Encoding.UTF8.GetString(key));
            Assert.Equal(entries[i].Value, Encoding.UTF8.GetString(value));
            Assert.True(bag.TryGetMapValue(slot, Encoding.UTF8.GetBytes(entries[i].Key), out ReadOnlySpan<byte> found));
            Assert.Equal(entries[i].Value, Encoding.UTF8.GetString(found));
        }
    }
}
