using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Dialects;

/// <summary>The Redis protocol: GETs in a pipeline. A value counts as OK, a key that is not there as NOT_FOUND.</summary>
internal sealed class RedisDialect : Dialect
{
    private const uint Ok = 0;
    private const uint NotFound = 5;

    /// <summary>The one there is.</summary>
    public static RedisDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override bool AnswersInOrder => true;

    /// <inheritdoc/>
    public override Connection Open(ServerAddress address, TimeSpan timeout, int requestBytes, int depth) =>
        new RedisConnection(address, timeout, requestBytes * depth);

    /// <inheritdoc/>
    public override bool TryReadHead(ReadOnlySpan<byte> body, out AnswerHead head)
    {
        head = RedisReply.IsError(body)
            ? AnswerHead.WithoutId(MessageKind.Error, 0)
            : AnswerHead.WithoutId(MessageKind.Verdict, RedisReply.IsNull(body) ? NotFound : Ok);
        return true;
    }

    /// <inheritdoc/>
    public override string Describe(ReadOnlySpan<byte> body) => RedisReply.Describe(body);
}
