using System.Text;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Handlers;

/// <summary>
/// What a handler says of one check. <see cref="ValidDuration"/> and <see cref="ValidUseCount"/> say how far it may be reused: this long and
/// this often, whichever ends first; 0 of either is never.
/// </summary>
/// <param name="Status">Whether the handler allows the request.</param>
/// <param name="Message">Why not, UTF-8; made when the handler is built, so that denying allocates nothing. Empty if allowed.</param>
/// <param name="ValidDuration">How long it may be reused.</param>
/// <param name="ValidUseCount">How often it may be reused; −1 without bound.</param>
public readonly record struct CheckResult(StatusCode Status, ReadOnlyMemory<byte> Message, TimeSpan ValidDuration, int ValidUseCount)
{
    /// <summary>What the proxy replies, if the result is a denial and the first of its check; null for the reply that the status has.</summary>
    public DirectHttpResponse? DirectResponse { get; init; }

    /// <summary>How long a verdict holds when no handler says otherwise.</summary>
    public static readonly TimeSpan DefaultValidDuration = TimeSpan.FromMinutes(1);

    /// <summary>How often a verdict may be reused when no handler says otherwise.</summary>
    public const int DefaultValidUseCount = 10_000;

    /// <summary>Allowed, reusable as far as the default goes.</summary>
    public static CheckResult Allowed { get; } = new(StatusCode.Ok, default, DefaultValidDuration, DefaultValidUseCount);

    /// <summary>Allowed, this time only.</summary>
    public static CheckResult AllowedOnce { get; } = new(StatusCode.Ok, default, TimeSpan.Zero, 0);

    /// <summary>A result with a message. Allocates: to be made when a handler is built.</summary>
    /// <param name="status">Whether the handler allows the request.</param>
    /// <param name="message">Why not.</param>
    /// <param name="validDuration">How long it may be reused.</param>
    /// <param name="validUseCount">How often it may be reused; −1 without bound.</param>
    public static CheckResult Create(StatusCode status, string message, TimeSpan validDuration, int validUseCount) =>
        new(status, Encoding.UTF8.GetBytes(message), validDuration, validUseCount);
}

/// <summary>What a handler grants of a quota.</summary>
/// <param name="Granted">How much; 0 denies.</param>
/// <param name="ValidDuration">For how long.</param>
public readonly record struct QuotaResult(long Granted, TimeSpan ValidDuration);

/// <summary>What a check asks of a quota.</summary>
/// <param name="Amount">How much; below 0 gives back.</param>
/// <param name="BestEffort">Whether less may be granted.</param>
/// <param name="DeduplicationId">The same for each sending of one logical check, UTF-8; valid during the call; empty for none.</param>
public readonly record struct QuotaArguments(long Amount, bool BestEffort, ReadOnlyMemory<byte> DeduplicationId);
