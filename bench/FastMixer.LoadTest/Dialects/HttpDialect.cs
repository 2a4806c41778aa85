using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Dialects;

/// <summary>The backend asked directly, by HTTP/1.1. Statuses 200 to 299 count as OK, 403 as PERMISSION_DENIED, all others as errors.</summary>
internal sealed class HttpDialect : Dialect
{
    private const uint Ok = 0;
    private const uint PermissionDenied = 7;

    /// <summary>The one there is.</summary>
    public static HttpDialect Instance { get; } = new();

    /// <inheritdoc/>
    public override bool AnswersInOrder => true;

    /// <inheritdoc/>
    public override Connection Open(ServerAddress address, TimeSpan timeout, int requestBytes, int depth) =>
        new HttpConnection(address, timeout, requestBytes * depth);

    /// <inheritdoc/>
    public override bool TryReadHead(ReadOnlySpan<byte> body, out AnswerHead head)
    {
        var status = HttpMessage.Status(body);
        head = status switch
        {
            >= 200 and < 300 => AnswerHead.WithoutId(MessageKind.Verdict, Ok),
            403 => AnswerHead.WithoutId(MessageKind.Verdict, PermissionDenied),
            _ => AnswerHead.WithoutId(MessageKind.Error, 0),
        };
        return status > 0;
    }

    /// <inheritdoc/>
    public override string Describe(ReadOnlySpan<byte> body) => HttpMessage.Describe(body);
}
