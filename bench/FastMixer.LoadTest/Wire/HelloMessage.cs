using System.Buffers;
using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>The first message of a connection: version 1, the words of this build, no base attributes.</summary>
internal static class HelloMessage
{
    private const int Version = 1;

    /// <summary>The hello as it goes over the transport.</summary>
    public static byte[] Encode(bool framed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(7);
        writer.Write((int)MessageKind.Hello);
        writer.Write(1);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(Vocabulary.Standard.WordCount);
        writer.Write("fastmixer-loadtest");
        writer.WriteMapHeader(0);
        writer.Flush();
        return MessageFrame.Wrap(buffer.WrittenSpan, framed);
    }
}
