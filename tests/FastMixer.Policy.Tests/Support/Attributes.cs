using System.Net;
using System.Text;
using System.Text.Json;
using FastMixer.Policy.Language;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Policy.Tests.Support;

/// <summary>Builds bags the way a server does: encoded by a client's writer, decoded by the protocol.</summary>
internal sealed class Attributes(Vocabulary? vocabulary = null)
{
    private readonly AttributeWriter _writer = new();

    public Vocabulary Vocabulary { get; } = vocabulary ?? Vocabulary.Standard;

    public static AttributeBag Empty => new Attributes().ToBag();

    public Attributes Set(string name, string value)
    {
        _writer.Set(name, value);
        return this;
    }

    public Attributes Set(string name, long value)
    {
        _writer.Set(name, value);
        return this;
    }

    public Attributes Set(string name, bool value)
    {
        _writer.Set(name, value);
        return this;
    }

    public Attributes Map(string name, params (string Key, string Value)[] entries)
    {
        _writer.Set(name, [.. entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))]);
        return this;
    }

    /// <summary>Sets an attribute from text, as its type is written: JSON, with strings for what JSON lacks.</summary>
    public Attributes Parse(string name, string json)
    {
        Assert.True(Vocabulary.TryGetSlot(name, out int slot), name);
        JsonElement value = JsonDocument.Parse(json).RootElement;
        switch (Vocabulary[slot].Type)
        {
            case AttributeType.Int64: _writer.Set(name, value.GetInt64()); break;
            case AttributeType.Double: _writer.Set(name, value.GetDouble()); break;
            case AttributeType.Bool: _writer.Set(name, value.GetBoolean()); break;
            case AttributeType.Timestamp when TimestampText.TryParse(value.GetString()!, out long moment): _writer.SetTimestamp(name, moment); break;
            case AttributeType.Duration when DurationText.TryParse(value.GetString()!, out long span): _writer.SetDuration(name, span); break;
            case AttributeType.IpAddress: _writer.SetIpAddress(name, IPAddress.Parse(value.GetString()!).GetAddressBytes()); break;
            case AttributeType.StringMap: Map(name, [.. value.EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString()!))]); break;
            case AttributeType.Bytes: _writer.SetBytes(name, Encoding.UTF8.GetBytes(value.GetString()!)); break;
            default: _writer.Set(name, value.GetString()!); break;
        }

        return this;
    }

    /// <summary>Sets an attribute to a value of the type that it is declared with.</summary>
    public void SetValue(string name, object value)
    {
        Assert.True(Vocabulary.TryGetSlot(name, out int slot), name);
        switch (Vocabulary[slot].Type, value)
        {
            case (AttributeType.Timestamp, long moment): _writer.SetTimestamp(name, moment); break;
            case (AttributeType.Duration, long span): _writer.SetDuration(name, span); break;
            case (AttributeType.Bytes, string text): _writer.SetBytes(name, Encoding.UTF8.GetBytes(text)); break;
            case (_, IPAddress address): _writer.SetIpAddress(name, address.GetAddressBytes()); break;
            case (_, long number): _writer.Set(name, number); break;
            case (_, double number): _writer.Set(name, number); break;
            case (_, bool flag): _writer.Set(name, flag); break;
            case (_, string text): _writer.Set(name, text); break;
            default: _writer.Set(name, [.. (IReadOnlyDictionary<string, string>)value]); break;
        }
    }

    public AttributeBag ToBag(AttributeSelection? selection = null)
    {
        var encoded = new byte[_writer.MaxBytes];
        var writer = new WireWriter(encoded, framed: false);
        _writer.WriteTo(ref writer);
        Assert.True(writer.TryComplete(out int length));
        var bag = new AttributeBag(selection ?? AttributeSelection.All(Vocabulary));
        WireReader reader = bag.Load(encoded.AsSpan(0, length));
        bool decoded = AttributeDecoder.TryDecode(ref reader, bag, ProtocolLimits.Default, WordList.Version1Count, allowNil: false);
        Assert.True(decoded, reader.Fault.ToString());
        return bag;
    }
}
