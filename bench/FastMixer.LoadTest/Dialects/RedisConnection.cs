using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Dialects;

/// <summary>A stream of replies in the Redis protocol; a body is a whole reply.</summary>
internal sealed class RedisConnection(ServerAddress address, TimeSpan timeout, int sendCapacity)
    : StreamConnection(address, timeout, sendCapacity)
{
    /// <inheritdoc/>
    protected override int TryFind(ReadOnlySpan<byte> received, out Range body)
    {
        if (!RedisReply.TryFind(received, out var length))
        {
            throw new LoadTestException($"the server at {Address} sent no reply of the Redis protocol: {RedisReply.Describe(received)}");
        }

        body = ..length;
        return length;
    }
}
