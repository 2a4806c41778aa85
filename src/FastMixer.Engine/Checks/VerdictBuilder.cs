using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Checks;

/// <summary>
/// Combines what handlers say of one check: the first failure in rule order has the status, every failure its part of the message, the least
/// duration and use count hold. Without any handler the request is allowed with the default life. Reused; no allocation once grown.
/// </summary>
public sealed class VerdictBuilder : IDisposable
{
    private readonly PooledBuffer _message = new();
    private bool _isFirst = true;

    /// <summary>Whether the request may pass.</summary>
    public StatusCode Status { get; private set; }

    /// <summary>Why not, UTF-8; valid until the next <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Message => _message.Written;

    /// <summary>How long the verdict may be reused.</summary>
    public TimeSpan ValidDuration { get; private set; }

    /// <summary>How often it may be reused; −1 without bound.</summary>
    public int ValidUseCount { get; private set; }

    /// <summary>What the proxy replies to the denied request: of the failure that has the status; null for the reply that the status has.</summary>
    public DirectHttpResponse? DirectResponse { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Status = StatusCode.Ok;
        ValidDuration = CheckResult.DefaultValidDuration;
        ValidUseCount = CheckResult.DefaultValidUseCount;
        DirectResponse = null;
        _message.Reset();
        _isFirst = true;
    }

    /// <summary>Takes a verdict that was found before, in place of what has been added so far.</summary>
    /// <param name="status">Whether the request may pass.</param>
    /// <param name="message">Why not, UTF-8; copied.</param>
    /// <param name="validDuration">How long it may be reused.</param>
    /// <param name="validUseCount">How often; −1 without bound.</param>
    internal void Load(StatusCode status, ReadOnlySpan<byte> message, TimeSpan validDuration, int validUseCount)
    {
        Reset();
        Status = status;
        ValidDuration = validDuration;
        ValidUseCount = validUseCount;
        _message.Write(message);
    }

    /// <summary>Adds a handler's result.</summary>
    /// <param name="handlerName">The handler's name in messages, UTF-8.</param>
    /// <param name="result">What it said.</param>
    public void Add(ReadOnlySpan<byte> handlerName, in CheckResult result)
    {
        ValidDuration = _isFirst || result.ValidDuration < ValidDuration ? result.ValidDuration : ValidDuration;
        ValidUseCount = _isFirst ? result.ValidUseCount : LeastUses(ValidUseCount, result.ValidUseCount);
        _isFirst = false;
        if (result.Status == StatusCode.Ok)
        {
            return;
        }

        if (Status == StatusCode.Ok)
        {
            Status = result.Status;
            DirectResponse = result.DirectResponse;
        }

        if (_message.Length > 0)
        {
            _message.Write(", "u8);
        }

        _message.Write(handlerName);
        _message.Write(":"u8);
        _message.Write(result.Message.Span);
    }

    /// <summary>
    /// Adds a quota that the check was charged: such a verdict is never reused, so that each request is charged. One that is exhausted denies the
    /// request.
    /// </summary>
    /// <param name="quota">The quota's name, UTF-8.</param>
    /// <param name="isExhausted">Whether it was not granted.</param>
    internal void AddCharge(ReadOnlySpan<byte> quota, bool isExhausted)
    {
        ValidDuration = TimeSpan.Zero;
        ValidUseCount = 0;
        if (isExhausted)
        {
            _message.Write(_message.Length == 0 ? "Quota is exhausted for: "u8 : ", "u8);
            _message.Write(quota);
            Status = StatusCode.ResourceExhausted;
        }
    }

    /// <summary>Remembers what has been added so far.</summary>
    internal Mark Save() => new(Status, DirectResponse, ValidDuration, ValidUseCount, _message.Length, _isFirst);

    /// <summary>Takes back what has been added since.</summary>
    /// <param name="mark">Of this builder, since its last <see cref="Reset"/>.</param>
    internal void Restore(in Mark mark)
    {
        (Status, DirectResponse) = (mark.Status, mark.DirectResponse);
        (ValidDuration, ValidUseCount, _isFirst) = (mark.ValidDuration, mark.ValidUseCount, mark.IsFirst);
        _message.Truncate(mark.MessageLength);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _message.Dispose();

    // As unsigned numbers, "without bound" is the greatest.
    private static int LeastUses(int left, int right) => (uint)left < (uint)right ? left : right;

    /// <summary>A moment of a verdict.</summary>
    internal readonly record struct Mark(
        StatusCode Status, DirectHttpResponse? DirectResponse, TimeSpan ValidDuration, int ValidUseCount, int MessageLength, bool IsFirst);
}
