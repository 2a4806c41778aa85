using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Attributes;

/// <summary>
/// The attributes of one request, over those of a <see cref="PreparedAttributes"/> and of the client's base. Rented from a <see cref="MixerClient"/>, and given back
/// by <see cref="Dispose"/>; belongs to one thread at a time. <c>CheckAsync</c> and
/// <c>Report</c> take what they need before they return, so that one can be checked, added to and reported. No member allocates once it has
/// grown to its requests. Setting an attribute again replaces its value; a wrong type is an <see cref="ArgumentException"/>.
/// </summary>
public sealed class RequestAttributes : IDisposable
{
    // What a stack can spare for text on its way to UTF-8.
    private const int MaxStackBytes = 512;

    private const int UsualKeyBytes = 512;

    private readonly AttributeSpace _space;
    private bool _isRented;

    internal RequestAttributes(AttributeSpace space)
    {
        _space = space;
        Bag = new AttributeBag(space.All);
    }

    internal AttributeBag Bag { get; }

    /// <summary>Where keys of this request are written.</summary>
    internal byte[] KeyRoom { get; private set; } = new byte[UsualKeyBytes];

    /// <summary>The key of an attribute, as <see cref="MixerClient.Key"/> has it; for <see cref="MixerClientOptions.Base"/>, where there is no client yet.</summary>
    /// <param name="name">An attribute of the standard vocabulary, or of <see cref="MixerClientOptions.Attributes"/>.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public AttributeKey Key(string name) => _space.Key(name);

    /// <summary>Sets text: a STRING, URI, DNS_NAME or EMAIL_ADDRESS.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="utf8">Its value, copied.</param>
    public void Set(AttributeKey key, ReadOnlySpan<byte> utf8)
    {
        Require(key, key.Type.IsText(), "text");
        Bag.SetBytes(key.Slot, utf8);
    }

    /// <summary>Sets text: a STRING, URI, DNS_NAME or EMAIL_ADDRESS.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(AttributeKey key, string value)
    {
        Require(key, key.Type.IsText(), "text");
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= MaxStackBytes)
        {
            Span<byte> utf8 = stackalloc byte[MaxStackBytes];
            Bag.SetBytes(key.Slot, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
        }
        else
        {
            Bag.SetBytes(key.Slot, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>Sets an INT64.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(AttributeKey key, long value) => SetNumber(key, AttributeType.Int64, value);

    /// <summary>Sets a DOUBLE.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(AttributeKey key, double value) => SetNumber(key, AttributeType.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Sets a BOOL.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(AttributeKey key, bool value) => SetNumber(key, AttributeType.Bool, value ? 1 : 0);

    /// <summary>Sets a TIMESTAMP.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970-01-01T00:00:00Z.</param>
    public void SetTimestamp(AttributeKey key, long nanoseconds) => SetNumber(key, AttributeType.Timestamp, nanoseconds);

    /// <summary>Sets a TIMESTAMP.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">The moment, within 1677-09-21 and 2262-04-11.</param>
    public void Set(AttributeKey key, DateTimeOffset value) =>
        SetTimestamp(key, checked((value.UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick));

    /// <summary>Sets a DURATION.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="nanoseconds">Nanoseconds.</param>
    public void SetDuration(AttributeKey key, long nanoseconds) => SetNumber(key, AttributeType.Duration, nanoseconds);

    /// <summary>Sets a DURATION.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">The span, within 292 years.</param>
    public void Set(AttributeKey key, TimeSpan value) => SetDuration(key, checked(value.Ticks * TimeSpan.NanosecondsPerTick));

    /// <summary>Sets an IP_ADDRESS.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="address">4 or 16 bytes, in network order.</param>
    public void SetIpAddress(AttributeKey key, ReadOnlySpan<byte> address)
    {
        Require(key, key.Type == AttributeType.IpAddress, "an IP address");
        if (address.Length is not (4 or 16))
        {
            throw new ArgumentException($"An IP address has 4 or 16 bytes, not {address.Length}.", nameof(address));
        }

        Bag.SetBytes(key.Slot, address);
    }

    /// <summary>Sets BYTES.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="value">Its value, copied.</param>
    public void SetBytes(AttributeKey key, ReadOnlySpan<byte> value)
    {
        Require(key, key.Type == AttributeType.Bytes, "bytes");
        Bag.SetBytes(key.Slot, value);
    }

    /// <summary>Sets a STRING_MAP.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="entries">Keys and values, UTF-8, copied; keys must be distinct.</param>
    public void Set(AttributeKey key, ReadOnlySpan<KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> entries)
    {
        Require(key, key.Type == AttributeType.StringMap, "a string map");
        Bag.SetMap(key.Slot, entries);
    }

    /// <summary>Sets text, looking the name up.</summary>
    /// <param name="name">The attribute, of the standard vocabulary or <see cref="MixerClientOptions.Attributes"/>.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, string value) => Set(_space.Key(name), value);

    /// <summary>Sets an INT64, looking the name up.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value.</param>
    public void Set(string name, long value) => Set(_space.Key(name), value);

    /// <summary>Takes an attribute away, also one that would be inherited.</summary>
    /// <param name="key">The attribute.</param>
    public void Remove(AttributeKey key) => Bag.Remove(key.Slot);

    /// <summary>Forgets what was set, and starts from prepared attributes.</summary>
    /// <param name="prepared">Of the same client; null for the client's base alone.</param>
    public void Reset(PreparedAttributes? prepared = null) => Bag.Reset(_space.All, prepared is null ? _space.Base : prepared.Bag);

    /// <summary>What is set now, to start other requests from. Allocates.</summary>
    public PreparedAttributes Prepare() => new(_space, Bag);

    /// <summary>Gives it back to its client.</summary>
    public void Dispose()
    {
        if (_isRented)
        {
            _isRented = false;
            _space.Return(this);
        }
    }

    /// <summary>Makes room for a long key.</summary>
    internal byte[] GrowKeyRoom(int most)
    {
        KeyRoom = new byte[Math.Min(KeyRoom.Length * 4, most)];
        return KeyRoom;
    }

    internal void Rent(PreparedAttributes? prepared)
    {
        _isRented = true;
        Reset(prepared);
    }

    private void SetNumber(AttributeKey key, AttributeType type, long value)
    {
        Require(key, key.Type == type, type.Name());
        Bag.SetNumber(key.Slot, value);
    }

    private void Require(AttributeKey key, bool isRight, string given)
    {
        if (!isRight)
        {
            throw new ArgumentException($"{_space.Vocabulary[key.Slot].Name} is of type {key.Type.Name()}: it can't be {given}.", nameof(key));
        }
    }
}
