using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Dialects;

/// <summary>The floor: takes the same bytes as a FastMixer server, without a hello, and its answers look like verdicts without ids.</summary>
internal sealed class FloorDialect : Dialect
{
    /// <summary>The one there is.</summary>
    public static FloorDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override bool AnswersInOrder => true;

    /// <inheritdoc/>
    public override Connection Open(ServerAddress address, TimeSpan timeout, int requestBytes, int depth) =>
        FastMixerDialect.OpenSilently(address, timeout, requestBytes, depth);

    /// <inheritdoc/>
    public override bool TryReadHead(ReadOnlySpan<byte> body, out AnswerHead head) => AnswerHead.TryRead(body, out head);

    /// <inheritdoc/>
    public override string Describe(ReadOnlySpan<byte> body) => ServerMessage.Describe(body.ToArray());
}
