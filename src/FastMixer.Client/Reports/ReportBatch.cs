using System.Diagnostics;
using FastMixer.Client.Attributes;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Reports;

/// <summary>What came of adding a record to a batch.</summary>
internal enum BatchResult
{
    /// <summary>It is part of it.</summary>
    Added,

    /// <summary>The batch has no room for it; another would have.</summary>
    Full,

    /// <summary>No batch could have room for it.</summary>
    TooLarge,
}

/// <summary>
/// Records that leave together, as the array of a report: the first relative to the base that a hello has said, each further one as what changed (protocol.md,
/// section 3). Keeps them as they came too, so that those which are refused can be said anew. Reused; belongs to one thread at a time; no allocation once grown.
/// </summary>
internal sealed class ReportBatch : IDisposable
{
    // The array's header stands before the records, as long as their number needs.
    private const int HeaderRoom = 5;
    private const int HeaderBytesOfFrame = 16;
    private const int UsualBytes = 256 * 1024;
    private const int FirstRoom = 512;

    // Records that say much and change little are short in the message, and long as they came.
    private const int MostPackedBytes = 1 << 20;

    private static readonly int MostBytes = ProtocolLimits.Default.MaxFrameBytes - HeaderBytesOfFrame;

    private readonly int _maxRecords;
    private readonly AttributeBag? _root;
    private readonly AttributeEncoder _encoder;
    private readonly PooledBuffer _packed = new();
    private readonly PooledBuffer _encoded = new();
    private readonly List<Record> _records = [];
    private AttributeBag _current;
    private AttributeBag _previous;

    /// <summary>An empty batch.</summary>
    /// <param name="maxRecords">How many records it takes.</param>
    /// <param name="space">What slots mean, and the base.</param>
    /// <param name="encoder">Of the space's vocabulary.</param>
    public ReportBatch(int maxRecords, AttributeSpace space, AttributeEncoder encoder)
    {
        _maxRecords = maxRecords;
        _root = space.Base;
        _encoder = encoder;
        _current = new AttributeBag(space.All);
        _previous = new AttributeBag(space.All);
    }

    /// <summary>How many records it has.</summary>
    public int Count => _records.Count;

    /// <summary>Adds a record.</summary>
    /// <param name="packed">A bag, packed; copied.</param>
    /// <param name="inherited">What that inherits; never changes.</param>
    public BatchResult TryAdd(ReadOnlySpan<byte> packed, AttributeBag? inherited)
    {
        if (_records.Count == _maxRecords || (_records.Count > 0 && packed.Length > MostPackedBytes - _packed.Length))
        {
            return BatchResult.Full;
        }

        if (!TryEncode(packed, inherited, isFirst: _records.Count == 0, UsualBytes))
        {
            return _records.Count == 0 ? BatchResult.TooLarge : BatchResult.Full;
        }

        _records.Add(new Record(_packed.Length, packed.Length, inherited));
        _packed.Write(packed);
        return BatchResult.Added;
    }

    /// <summary>The records as a report carries them. Valid until the batch changes.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Span<byte> header = stackalloc byte[HeaderRoom];
        var writer = new WireWriter(header, framed: false);
        writer.WriteArrayHeader(_records.Count);
        bool isWhole = writer.TryComplete(out int length);
        Debug.Assert(isWhole, "An array's header has at most five bytes.");
        _encoded.Overwrite(HeaderRoom - length, header[..length]);
        return _encoded.WrittenMemory[(HeaderRoom - length)..];
    }

    /// <summary>Lets go of the first records, which a server has taken. The others are encoded anew.</summary>
    /// <param name="count">How many; at most <see cref="Count"/>.</param>
    /// <returns>How many of the others are lost, because without those before them they are too large.</returns>
    public int Remove(int count)
    {
        _records.RemoveRange(0, count);
        _encoded.Reset();
        int kept = 0;
        for (int i = 0; i < _records.Count; i++)
        {
            Record record = _records[i];
            if (TryEncode(_packed.Written.Slice(record.Offset, record.Length), record.Inherited, isFirst: kept == 0, MostBytes))
            {
                _records[kept++] = record;
            }
        }

        int lost = _records.Count - kept;
        _records.RemoveRange(kept, lost);
        return lost;
    }

    /// <summary>Forgets all records.</summary>
    public void Reset()
    {
        _records.Clear();
        _packed.Reset();
        _encoded.Reset();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _packed.Dispose();
        _encoded.Dispose();
        _current.Dispose();
        _previous.Dispose();
    }

    private bool TryEncode(ReadOnlySpan<byte> packed, AttributeBag? inherited, bool isFirst, int usualBytes)
    {
        if (isFirst)
        {
            _encoded.Reset();
            _encoded.GetSpan(HeaderRoom)[..HeaderRoom].Clear();
            _encoded.Advance(HeaderRoom);
        }

        _current.Unpack(packed, inherited);
        int most = (isFirst ? MostBytes : usualBytes) - _encoded.Length;
        for (int room = FirstRoom; ; room *= 2)
        {
            var writer = new WireWriter(_encoded.GetSpan(room), framed: false);
            int attributes = Write(ref writer, isFirst);
            if (writer.TryComplete(out int written))
            {
                if (written > most || attributes > ProtocolLimits.Default.MaxAttributes)
                {
                    return false;
                }

                _encoded.Advance(written);
                (_current, _previous) = (_previous, _current);
                return true;
            }

            if (room > most)
            {
                return false;
            }
        }
    }

    private int Write(ref WireWriter writer, bool isFirst)
    {
        if (!isFirst)
        {
            return _encoder.WriteDelta(ref writer, _current, _previous);
        }

        _encoder.WriteMap(ref writer, _current, _root);
        return _current.CountSaid(_root);
    }

    private readonly record struct Record(int Offset, int Length, AttributeBag? Inherited);
}
