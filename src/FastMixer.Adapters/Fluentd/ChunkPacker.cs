using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;
using MessagePack;

namespace FastMixer.Adapters.Fluentd;

/// <summary>A message that a <see cref="ChunkPacker"/> made.</summary>
/// <param name="End">Where it ends among the bytes of all of them.</param>
/// <param name="Records">How many records of the batch are dealt with when it is acknowledged, those of the messages before it aside.</param>
/// <param name="Number">The number in its id.</param>
internal readonly record struct Chunk(int End, int Records, long Number);

/// <summary>
/// Packs a batch into messages in forward mode, <c>[tag, entries, {chunk, size}]</c>: a new one where the tag changes, or where it would have too many
/// bytes. An entry that has too many by itself is rejected. Reused; not thread-safe.
/// </summary>
internal sealed class ChunkPacker(FluentdSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>How long an id is: 128 bits in base 64.</summary>
    public const int IdLength = 24;

    private const int RandomBytes = 8;

    private readonly PooledBuffer _bytes = new();
    private readonly PooledBuffer _entries = new();
    private readonly PooledBuffer _entry = new();
    private readonly PooledBuffer _tag = new();
    private readonly List<Chunk> _chunks = [];
    private readonly EntryWriter _writer = new(settings.IntegerDuration, time);

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, EntryLayout> _layouts = new(StringComparer.Ordinal);

    // An id is this, and a number: no other sender has it, and this one has it once.
    private readonly byte[] _sender = RandomNumberGenerator.GetBytes(RandomBytes);
    private readonly byte[] _id = new byte[IdLength];
    private long _number;
    private int _entryCount;
    private int _records;

    /// <summary>The messages of the batch.</summary>
    public IReadOnlyList<Chunk> Chunks => _chunks;

    /// <summary>Their bytes, one after the other; valid until <see cref="Pack"/> is called again.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Packs what is left of a batch.</summary>
    public void Pack(ReportBatch batch)
    {
        _bytes.Reset();
        _chunks.Clear();
        Empty();
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsSettled(i) && !TryAdd(batch[i]))
            {
                batch.Reject(i);
            }

            _records++;
        }

        Close();
    }

    /// <summary>Writes a message's id.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="id">Takes <see cref="IdLength"/> bytes.</param>
    public void WriteId(long number, Span<byte> id)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + sizeof(long)];
        _sender.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[RandomBytes..], number);
        Base64.EncodeToUtf8(bytes, id, out _, out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _entries.Dispose();
        _entry.Dispose();
        _tag.Dispose();
    }

    private bool TryAdd(ReportRecord record)
    {
        EntryLayout layout = LayoutOf(record.Instance);
        _entry.Reset();
        _writer.Write(_entry, record, layout);
        if (_entry.Length > settings.ChunkBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> tag = layout.Tag < 0 ? default : record.Fields.GetBytes(layout.Tag);
        tag = tag.IsEmpty ? record.Instance.Utf8FullName.Span : tag;
        if (_entryCount > 0 && (!tag.SequenceEqual(_tag.Written) || _entries.Length + _entry.Length > settings.ChunkBytes))
        {
            Close();
        }

        if (_entryCount == 0)
        {
            _tag.Reset();
            _tag.Write(tag);
        }

        _entries.Write(_entry.Written);
        _entryCount++;
        return true;
    }

    private void Close()
    {
        if (_entryCount == 0)
        {
            return;
        }

        WriteId(++_number, _id);
        var writer = new MessagePackWriter(_bytes);
        writer.WriteArrayHeader(3);
        writer.WriteString(_tag.Written);
        writer.WriteArrayHeader(_entryCount);
        writer.WriteRaw(_entries.Written);
        writer.WriteMapHeader(2);
        writer.WriteString("chunk"u8);
        writer.WriteString(_id);
        writer.WriteString("size"u8);
        writer.Write(_entryCount);
        writer.Flush();
        _chunks.Add(new Chunk(_bytes.Length, _records, _number));
        Empty();
    }

    private void Empty()
    {
        _entries.Reset();
        _entryCount = 0;
        _records = 0;
    }

    private EntryLayout LayoutOf(Instance instance)
    {
        if (!_layouts.TryGetValue(instance.FullName, out EntryLayout? layout))
        {
            layout = new EntryLayout(instance);
            _layouts.Add(instance.FullName, layout);
        }

        return layout;
    }
}
