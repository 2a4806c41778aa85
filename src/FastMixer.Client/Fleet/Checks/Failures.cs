using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Fleet.Checks;

/// <summary>What the failure of an attempt means.</summary>
internal enum FailureMeaning
{
    /// <summary>The answer to the check: no other server is asked.</summary>
    Final,

    /// <summary>The server could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>The server has refused because of its load.</summary>
    Overloaded,

    /// <summary>This client has as many calls waiting for the server as may: no fault of the server.</summary>
    Full,
}

/// <summary>
/// Tells which failures another server may make good. What the request itself is at fault for, such as an attribute of a wrong type, is wrong everywhere. So it
/// is with <c>internal</c>: a policy that can't be evaluated here can't be elsewhere, and a backend in need is not helped by asking it again. <c>deadline-exceeded</c> is
/// the end of an attempt's time, as if no answer had come.
/// </summary>
internal static class Failures
{
    /// <summary>What a failure means.</summary>
    /// <param name="problem">Of the attempt.</param>
    public static FailureMeaning Judge(MixerException problem) => problem switch
    {
        MixerErrorException { Code: ErrorCode.Overloaded or ErrorCode.TooManyConnections } => FailureMeaning.Overloaded,
        MixerErrorException { Code: ErrorCode.DeadlineExceeded } => FailureMeaning.Unreachable,
        MixerErrorException => FailureMeaning.Final,
        MixerTimeoutException or MixerUnavailableException => FailureMeaning.Unreachable,
        { Reason: MixerFailure.TooManyInFlight } => FailureMeaning.Full,
        _ => FailureMeaning.Final,
    };
}
