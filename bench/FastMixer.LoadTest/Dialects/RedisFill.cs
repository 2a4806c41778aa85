using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Dialects;

/// <summary>Stores the values that GETs will ask for.</summary>
internal static class RedisFill
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Stores a value of equal length under each key; each SET waits for the one before.</summary>
    public static void Run(ServerAddress address, RedisGet gets, int valueBytes, int keys)
    {
        using var connection = new RedisConnection(address, Patience, sendCapacity: 1);
        for (var key = 0u; key < keys; key++)
        {
            connection.Send(gets.SetRequest(key, valueBytes));
            var reply = Await(connection);
            if (RedisReply.IsError(reply))
            {
                throw new LoadTestException($"the server at {address} refused a SET: {RedisReply.Describe(reply)}");
            }
        }
    }

    private static ReadOnlySpan<byte> Await(RedisConnection connection)
    {
        while (connection.Receive())
        {
            if (connection.TryTake(out var reply))
            {
                return reply;
            }
        }

        throw new LoadTestException($"the server at {connection.Address} did not answer a SET within {Patience.TotalSeconds} s");
    }
}
