using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>How a server answers a message that it does not accept; <see cref="ErrorCode.None"/> where it does.</summary>
internal readonly record struct Outcome(ErrorCode Code, bool IsFatal, uint Id)
{
    public static Outcome Accepted(uint id) => new(ErrorCode.None, false, id);
}
