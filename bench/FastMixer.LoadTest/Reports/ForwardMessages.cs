using System.Buffers;
using MessagePack;

namespace FastMixer.LoadTest.Reports;

/// <summary>Cuts the bytes of a connection into messages of the forward protocol, <c>[tag, entries, {chunk, size}]</c>. Not thread-safe.</summary>
internal sealed class ForwardMessages
{
    private const int LeastRoom = 256 * 1024;

    private byte[] _bytes = new byte[4 * LeastRoom];
    private int _begin;
    private int _end;

    /// <summary>Where bytes may be received; <see cref="Add"/> says how many there are.</summary>
    public Memory<byte> Room()
    {
        _bytes.AsSpan(_begin.._end).CopyTo(_bytes);
        (_begin, _end) = (0, _end - _begin);
        if (_bytes.Length - _end < LeastRoom)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Takes what was received into the room.</summary>
    public void Add(int received) => _end += received;

    /// <summary>Takes a message.</summary>
    /// <param name="entries">How many entries it has.</param>
    /// <param name="acknowledgement">The answer that it asks for.</param>
    /// <returns>False if it is not there whole.</returns>
    /// <exception cref="LoadTestException">It is no message of the protocol.</exception>
    public bool TryTake(out int entries, out byte[] acknowledgement)
    {
        entries = 0;
        acknowledgement = [];
        var reader = new MessagePackReader(_bytes.AsMemory(_begin, _end - _begin));
        try
        {
            if (reader.End)
            {
                return false;
            }

            Require(reader.ReadArrayHeader() == 3);
            reader.Skip(); // The tag.
            entries = reader.ReadArrayHeader();
            for (var i = 0; i < entries; i++)
            {
                reader.Skip();
            }

            acknowledgement = Acknowledgement(ReadChunk(ref reader, entries));
            _begin += (int)reader.Consumed;
            return true;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
        catch (MessagePackSerializationException e)
        {
            throw new LoadTestException($"the server sent what is no message of the forward protocol: {e.Message}");
        }
    }

    private static string ReadChunk(ref MessagePackReader reader, int entries)
    {
        string? chunk = null;
        for (var options = reader.ReadMapHeader(); options > 0; options--)
        {
            switch (reader.ReadString())
            {
                case "chunk":
                    chunk = reader.ReadString();
                    break;
                case "size":
                    Require(reader.ReadInt32() == entries);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Require(chunk is not null);
        return chunk!;
    }

    private static byte[] Acknowledgement(string chunk)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        writer.WriteMapHeader(1);
        writer.Write("ack");
        writer.Write(chunk);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new MessagePackSerializationException("expected [tag, entries, {chunk, size}]");
        }
    }
}
