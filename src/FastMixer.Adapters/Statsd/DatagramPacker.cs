using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Statsd;

/// <summary>A datagram that a <see cref="DatagramPacker"/> made.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Items">How many items are dealt with when it is sent, those of the datagrams before it aside.</param>
internal readonly record struct Datagram(int Offset, int Length, int Items);

/// <summary>
/// Packs lines into datagrams, as many into each as there is room for; a line that is longer than that has one of its own. Every item gives one piece of
/// text, of one line or two that stay together, or none. Reused; not thread-safe.
/// </summary>
internal sealed class DatagramPacker(Packing packing) : IDisposable
{
    /// <summary>The most bytes of a datagram: 65,535 less the headers of IPv4 and UDP.</summary>
    public const int MaxDatagramBytes = 65_507;

    private readonly PooledBuffer _bytes = new();
    private readonly List<Datagram> _datagrams = [];
    private int _begin;
    private int _text;
    private int _items;
    private int _texts;

    /// <summary>What is packed, once <see cref="End"/> is called.</summary>
    public IReadOnlyList<Datagram> Datagrams => _datagrams;

    /// <summary>The bytes of a datagram, valid until <see cref="Reset"/>.</summary>
    public ReadOnlyMemory<byte> this[Datagram datagram] => _bytes.WrittenMemory.Slice(datagram.Offset, datagram.Length);

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _bytes.Reset();
        _datagrams.Clear();
        (_begin, _text, _items, _texts) = (0, 0, 0, 0);
    }

    /// <summary>Begins the text of an item.</summary>
    /// <returns>Where to write it: lines that each end with a line feed.</returns>
    public PooledBuffer BeginItem()
    {
        _text = _bytes.Length;
        return _bytes;
    }

    /// <summary>Ends an item.</summary>
    /// <returns>False if its text is longer than any datagram: then it is as if nothing had been written.</returns>
    public bool EndItem()
    {
        if (_bytes.Length - 1 - _text > MaxDatagramBytes)
        {
            _bytes.Truncate(_text);
            _items++;
            return false;
        }

        if (_bytes.Length > _text)
        {
            if (_text > _begin && (_bytes.Length - 1 - _begin > packing.Bytes || _texts == packing.Lines))
            {
                Close(_text);
            }

            _texts++;
        }

        _items++;
        return true;
    }

    /// <summary>Ends the last datagram.</summary>
    public void End()
    {
        if (_bytes.Length > _begin)
        {
            Close(_bytes.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    // The line feed at the end is not sent: between datagrams none is needed.
    private void Close(int end)
    {
        _datagrams.Add(new Datagram(_begin, end - 1 - _begin, _items));
        (_begin, _items, _texts) = (end, 0, 0);
    }
}
