using System.Buffers.Binary;
using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Backends.Answers;

/// <summary>Answers of backends as bytes for the cache, all but how long they hold: the cache's entry tells that. The form never leaves the process.</summary>
internal static class AnswerCodec
{
    /// <summary>Writes an answer. No allocation once the buffer has grown.</summary>
    public static void Write(PooledBuffer buffer, in CheckResult answer)
    {
        WriteByte(buffer, (byte)answer.Status);
        WriteByte(buffer, answer.DirectResponse is null ? (byte)0 : (byte)1);
        WriteInt32(buffer, answer.ValidUseCount);
        WriteBytes(buffer, answer.Message.Span);
        if (answer.DirectResponse is { } response)
        {
            WriteResponse(buffer, response);
        }
    }

    /// <summary>Reads an answer that has been written. No allocation unless it has a direct response, which is made anew.</summary>
    /// <param name="bytes">The bytes; the message is a part of them.</param>
    public static CheckResult Read(ReadOnlyMemory<byte> bytes)
    {
        var status = (StatusCode)TakeByte(ref bytes);
        bool hasResponse = TakeByte(ref bytes) != 0;
        int uses = TakeInt32(ref bytes);
        ReadOnlyMemory<byte> message = TakeBytes(ref bytes);
        return new CheckResult(status, message, TimeSpan.Zero, uses) { DirectResponse = hasResponse ? ReadResponse(bytes.ToArray()) : null };
    }

    private static void WriteResponse(PooledBuffer buffer, DirectHttpResponse response)
    {
        WriteInt32(buffer, response.HttpStatus);
        WriteBytes(buffer, response.Utf8Body.Span);
        WriteInt32(buffer, response.Headers.Length);
        foreach (ref readonly DirectHttpResponse.Header header in response.Headers)
        {
            WriteByte(buffer, (byte)header.Kind);
            WriteBytes(buffer, header.Utf8Name.Span);
            WriteBytes(buffer, header.Utf8Value.Span);
        }
    }

    private static DirectHttpResponse ReadResponse(ReadOnlyMemory<byte> bytes)
    {
        int httpStatus = TakeInt32(ref bytes);
        ReadOnlyMemory<byte> body = TakeBytes(ref bytes);
        var headers = new DirectHttpResponse.Header[TakeInt32(ref bytes)];
        for (int i = 0; i < headers.Length; i++)
        {
            var kind = (HeaderOperationKind)TakeByte(ref bytes);
            ReadOnlyMemory<byte> name = TakeBytes(ref bytes);
            headers[i] = new DirectHttpResponse.Header(kind, name, TakeBytes(ref bytes));
        }

        return new DirectHttpResponse(httpStatus, body, headers);
    }

    private static void WriteByte(PooledBuffer buffer, byte value) => buffer.Write([value]);

    private static void WriteInt32(PooledBuffer buffer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    private static void WriteBytes(PooledBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        WriteInt32(buffer, bytes.Length);
        buffer.Write(bytes);
    }

    private static byte TakeByte(ref ReadOnlyMemory<byte> bytes)
    {
        byte value = bytes.Span[0];
        bytes = bytes[1..];
        return value;
    }

    private static int TakeInt32(ref ReadOnlyMemory<byte> bytes)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        bytes = bytes[sizeof(int)..];
        return value;
    }

    private static ReadOnlyMemory<byte> TakeBytes(ref ReadOnlyMemory<byte> bytes)
    {
        int length = TakeInt32(ref bytes);
        ReadOnlyMemory<byte> value = bytes[..length];
        bytes = bytes[length..];
        return value;
    }
}
