using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client;

/// <summary>The answer to a check. Never changes.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Answers are not compared.")]
public readonly struct CheckResult
{
    private readonly VerdictText? _text;
    private readonly IReadOnlyList<QuotaGrant>? _quotas;

    internal CheckResult(StatusCode status, CheckOrigin origin, VerdictText text, IReadOnlyList<QuotaGrant>? quotas = null)
    {
        Status = status;
        Origin = origin;
        _text = text;
        _quotas = quotas;
    }

    /// <summary>Whether the request may pass: <see cref="StatusCode.Ok"/>, or why not.</summary>
    public StatusCode Status { get; }

    /// <summary>Where the answer came from.</summary>
    public CheckOrigin Origin { get; }

    /// <summary>Whether the request may pass.</summary>
    public bool IsAllowed => Status == StatusCode.Ok;

    /// <summary>The HTTP status for a request that may not pass: the directive's direct response, else what protocol.md, section 3, has for the status.</summary>
    public int HttpStatus => Directive.Response?.HttpStatus ?? Status.ToHttpStatus();

    /// <summary>Why it may not; empty when it may.</summary>
    public string Message => _text?.Message ?? string.Empty;

    /// <summary>What a proxy does beyond letting the request pass or not (protocol.md, section 3, directive).</summary>
    public RouteDirective Directive => _text?.Directive ?? RouteDirective.None;

    /// <summary>
    /// What was granted of each quota asked for, in the order asked, also where one that granted nothing denies the request; empty if none was asked for, the policy denies
    /// the request, or nobody answered.
    /// </summary>
    public IReadOnlyList<QuotaGrant> Quotas => _quotas ?? [];

    /// <summary>The same answer with what was granted.</summary>
    internal CheckResult With(IReadOnlyList<QuotaGrant> quotas) => new(Status, Origin, _text ?? VerdictText.None, quotas);
}

/// <summary>What a verdict says besides its status. Shared by all answers that say the same; immutable.</summary>
/// <param name="Message">Why the request may not pass; empty when it may.</param>
/// <param name="Directive">What a proxy does.</param>
internal sealed record VerdictText(string Message, RouteDirective Directive)
{
    /// <summary>Nothing.</summary>
    public static VerdictText None { get; } = new(string.Empty, RouteDirective.None);
}
