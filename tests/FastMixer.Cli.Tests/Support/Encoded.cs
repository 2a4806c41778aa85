using System.Globalization;
using System.Net;
using System.Text;
using FastMixer.Cli.Attributes;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Cli.Tests.Support;

/// <summary>Reads attributes as a server would, from their bytes, and writes each value as text.</summary>
internal static class Encoded
{
    public static Dictionary<string, string> Read(AttributeSet set)
    {
        using var writer = new AttributeWriter();
        set.WriteTo(writer);
        return Read(writer);
    }

    public static Dictionary<string, string> Read(AttributeWriter attributes)
    {
        byte[] bytes = new byte[attributes.MaxBytes + 64];
        var writer = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref writer, 1, attributes, [], []);
        Assert.True(writer.TryComplete(out int written));
        return ReadCheck(bytes.AsSpan(0, written));
    }

    public static Dictionary<string, string> ReadCheck(ReadOnlySpan<byte> body)
    {
        var selection = AttributeSelection.All(Vocabulary.Standard);
        using var check = new CheckRequest(selection);
        check.Attributes.Reset(selection);
        WireReader reader = check.Attributes.Load(body);
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(check.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, false), reader.Fault.ToString());
        return Texts(check.Attributes);
    }

    private static Dictionary<string, string> Texts(AttributeBag bag)
    {
        var texts = new Dictionary<string, string>();
        for (int slot = 0; slot < Vocabulary.Standard.Count; slot++)
        {
            if (bag.Contains(slot))
            {
                texts[Vocabulary.Standard[slot].Name] = Text(bag, slot);
            }
        }

        return texts;
    }

    private static string Text(AttributeBag bag, int slot)
    {
        switch (Vocabulary.Standard[slot].Type)
        {
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                Assert.True(bag.TryGetInt64(slot, out long number));
                return number.ToString(CultureInfo.InvariantCulture);
            case AttributeType.Bool:
                Assert.True(bag.TryGetBool(slot, out bool value));
                return value ? "true" : "false";
            case AttributeType.IpAddress:
                Assert.True(bag.TryGetBytes(slot, out ReadOnlySpan<byte> address));
                return new IPAddress(address).ToString();
            case AttributeType.StringMap:
                return string.Join(';', Enumerable.Range(0, bag.MapCount(slot)).Select(index => Entry(bag, slot, index)).Order());
            default:
                Assert.True(bag.TryGetBytes(slot, out ReadOnlySpan<byte> text));
                return Encoding.UTF8.GetString(text);
        }
    }

    private static string Entry(AttributeBag bag, int slot, int index)
    {
        bag.GetMapEntry(slot, index, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value);
        return $"{Encoding.UTF8.GetString(key)}={Encoding.UTF8.GetString(value)}";
    }
}
