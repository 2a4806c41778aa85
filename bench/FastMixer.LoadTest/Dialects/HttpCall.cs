using System.Text;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Dialects;

/// <summary>A POST to the backend whose path varies.</summary>
internal sealed class HttpCall : IRequestTemplate
{
    private readonly byte[] _request;
    private readonly int _keyOffset;

    /// <summary>Makes the calls to a backend.</summary>
    public HttpCall(ServerAddress backend)
    {
        const string Before = "{\"path\":\"/api/v1/products/";
        var body = $"{Before}{new string('0', KeyDigits.Length)}\"}}";
        var head = $"POST /authorize HTTP/1.1\r\nhost: {backend.EndPoint}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n";
        _request = Encoding.ASCII.GetBytes(head + body);
        _keyOffset = head.Length + Before.Length;
    }

    /// <inheritdoc/>
    public int Length => _request.Length;

    /// <inheritdoc/>
    public void Write(Span<byte> destination, uint id, uint key)
    {
        _request.CopyTo(destination);
        KeyDigits.Write(destination[_keyOffset..], key);
    }
}
