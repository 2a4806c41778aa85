using System.Text;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Dialects;

/// <summary>A GET whose key is padded until the request is as long as it should be; the last digits of the key vary.</summary>
internal sealed class RedisGet : IRequestTemplate
{
    private const int LeastKeyBytes = KeyDigits.Length + 1;

    private readonly byte[] _request;
    private readonly int _keyOffset;

    /// <summary>Makes a GET with a key of a given length.</summary>
    /// <param name="keyBytes">At least 9.</param>
    public RedisGet(int keyBytes)
    {
        var padding = new string('k', keyBytes - KeyDigits.Length);
        KeyBytes = keyBytes;
        _request = Encoding.ASCII.GetBytes($"*2\r\n$3\r\nGET\r\n${keyBytes}\r\n{padding}{new string('0', KeyDigits.Length)}\r\n");
        _keyOffset = _request.Length - 2 - KeyDigits.Length;
    }

    /// <summary>Bytes of a key.</summary>
    public int KeyBytes { get; }

    /// <inheritdoc/>
    public int Length => _request.Length;

    /// <summary>The GET whose request is as long as wanted, or as near below as the format allows; never shorter than a key of 9 bytes makes it.</summary>
    public static RedisGet OfRequestBytes(int bytes)
    {
        var keyBytes = Math.Max(LeastKeyBytes, bytes - new RedisGet(LeastKeyBytes).Length + LeastKeyBytes);
        var request = new RedisGet(keyBytes);
        while (request.Length > bytes && keyBytes > LeastKeyBytes)
        {
            request = new RedisGet(--keyBytes);
        }

        return request;
    }

    /// <summary>The value whose reply is as long as wanted, or as near below as the format allows; never empty.</summary>
    public static int ValueBytesOfReply(int bytes)
    {
        var value = Math.Max(1, bytes - "$1\r\n\r\n".Length);
        while (value > 1 && $"${value}\r\n\r\n".Length + value > bytes)
        {
            value--;
        }

        return value;
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination, uint id, uint key)
    {
        _request.CopyTo(destination);
        KeyDigits.Write(destination[_keyOffset..], key);
    }

    /// <summary>The SET that stores a value under a key of these GETs.</summary>
    public byte[] SetRequest(uint key, int valueBytes)
    {
        var name = new byte[Length];
        Write(name, id: 0, key);
        var head = Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n${KeyBytes}\r\n");
        var middle = Encoding.ASCII.GetBytes($"\r\n${valueBytes}\r\n{new string('v', valueBytes)}\r\n");
        return [.. head, .. name.AsSpan(Length - 2 - KeyBytes, KeyBytes), .. middle];
    }
}
