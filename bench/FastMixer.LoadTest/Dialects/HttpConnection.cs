using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Dialects;

/// <summary>A stream of HTTP/1.1 answers; a body is a whole answer, with its head.</summary>
internal sealed class HttpConnection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    : StreamConnection(address, timeout, sendCapacity)
{
    /// <inheritdoc/>
    protected override int TryFind(ReadOnlySpan<byte> received, out Range body)
    {
        if (!HttpMessage.TryFind(received, out var length))
        {
            throw new LoadTestException($"the server at {Address} sent no HTTP answer with a length: {HttpMessage.Describe(received)}");
        }

        body = ..length;
        return length;
    }
}
