using FastMixer.Client.Native.Boundary;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Client.Native.Results;

/// <summary>An <c>fm_check_callback</c> that is told the end of one check.</summary>
/// <param name="address">Its address.</param>
/// <param name="context">What it is handed.</param>
internal readonly unsafe struct CheckCallback(nint address, nint context)
{
    private static readonly ObjectPool<NativeResult> Results =
        new DefaultObjectPoolProvider().Create(new DefaultPooledObjectPolicy<NativeResult>());

    /// <summary>Tells an answer.</summary>
    /// <param name="answer">It.</param>
    /// <param name="isInline">Whether this is the thread that asked.</param>
    public void Answer(CheckResult answer, bool isInline)
    {
        NativeResult result = Results.Get();
        result.Take(answer);
        Call(Code.Ok, result.Handle, isInline);

        // Whoever kept the handle has none.
        result.Renew();
        Results.Return(result);
    }

    /// <summary>Tells a failure.</summary>
    /// <param name="exception">Why.</param>
    public void Fail(Exception exception) => Call((Code)Guard.Fail(exception), 0, isInline: false);

    private void Call(Code code, nint result, bool isInline)
    {
        Guard.BeginCallback();
        ((delegate* unmanaged<nint, int, nint, int, void>)address)(context, (int)code, result, isInline ? 1 : 0);
        Guard.EndCallback();
    }
}
