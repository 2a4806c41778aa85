namespace FastMixer.Protocol.Messages;

/// <summary>A reply that the proxy gives to a denied request itself.</summary>
/// <param name="HttpStatus">Its HTTP status, 200 … 599.</param>
/// <param name="Body">Its content.</param>
public sealed record DirectResponse(int HttpStatus, string Body)
{
    /// <summary>The least HTTP status.</summary>
    public const int MinHttpStatus = 200;

    /// <summary>The greatest HTTP status.</summary>
    public const int MaxHttpStatus = 599;

    /// <summary>Bytes of the content at most.</summary>
    public const int MaxBodyBytes = 65_536;
}

/// <summary>
/// What a verdict asks of a proxy beyond letting the request pass or not. Immutable. A proxy does, in this order:
/// <list type="number">
/// <item>With a <see cref="Response"/>, it replies to the request with its status, the headers that <see cref="ResponseHeaders"/> make of none, and
/// its body; the request goes nowhere.</item>
/// <item>Else, if the verdict is a denial, it replies with <see cref="StatusCodes.ToHttpStatus"/>.</item>
/// <item>Else it applies <see cref="RequestHeaders"/>, in their order, before it chooses where the request goes, sends it there, and applies
/// <see cref="ResponseHeaders"/> to what comes back.</item>
/// </list>
/// It ignores operations on <c>connection</c>, <c>content-length</c> and <c>transfer-encoding</c>, and reuses the directive with its verdict.
/// </summary>
/// <param name="Response">The reply that the proxy gives itself, or null.</param>
/// <param name="RequestHeaders">Changes of the request's headers.</param>
/// <param name="ResponseHeaders">Changes of the response's headers.</param>
public sealed record RouteDirective(
    DirectResponse? Response, IReadOnlyList<HeaderOperation> RequestHeaders, IReadOnlyList<HeaderOperation> ResponseHeaders)
{
    /// <summary>Operations that a directive holds at most, those of the request and of the response together.</summary>
    public const int MaxOperations = 64;

    /// <summary>The directive that says nothing.</summary>
    public static RouteDirective None { get; } = new(null, [], []);

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Response is null && RequestHeaders.Count == 0 && ResponseHeaders.Count == 0;
}
