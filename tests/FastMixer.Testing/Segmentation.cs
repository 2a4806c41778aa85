using System.Buffers;

namespace FastMixer.Testing;

/// <summary>Bytes as a stream may deliver them: in one piece, split in two at every place, and byte by byte.</summary>
public static class Segmentation
{
    /// <summary>Every way of splitting in none or two, one byte a segment, and two pieces around an empty segment.</summary>
    /// <param name="bytes">The bytes, which all the sequences hold.</param>
    public static IEnumerable<ReadOnlySequence<byte>> Every(ReadOnlyMemory<byte> bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        for (int split = 0; split <= bytes.Length; split++)
        {
            yield return Of(bytes[..split], bytes[split..]);
        }

        yield return BytePerSegment(bytes);
        yield return Of(bytes[..(bytes.Length / 2)], default, bytes[(bytes.Length / 2)..]);
    }

    /// <summary>One byte a segment.</summary>
    /// <param name="bytes">The bytes.</param>
    public static ReadOnlySequence<byte> BytePerSegment(ReadOnlyMemory<byte> bytes) =>
        Of([.. Enumerable.Range(0, bytes.Length).Select(i => bytes.Slice(i, 1))]);

    /// <summary>A sequence of these segments.</summary>
    /// <param name="segments">The segments in their order; any may be empty.</param>
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] segments)
    {
        if (segments.Length == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Segment(segments[0], previous: null);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> memory in segments.Skip(1))
        {
            last = new Segment(memory, last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
