using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using FastMixer.Client.Native.Boundary;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Native.Results;

/// <summary><c>fm_grant</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("CodeQuality", "IDE0052:Remove unread private members", Justification = "Read by the caller.")]
internal readonly struct NativeGrant
{
    private readonly nint _quota;
    private readonly nuint _quotaLength;
    private readonly long _granted;
    private readonly long _validMilliseconds;

    /// <summary>What was granted.</summary>
    /// <param name="grant">It.</param>
    /// <param name="quota">The quota's name.</param>
    public NativeGrant(QuotaGrant grant, PinnedText quota)
    {
        _quota = quota.Address;
        _quotaLength = (nuint)quota.Length;
        _granted = grant.Granted;
        _validMilliseconds = (long)grant.ValidDuration.TotalMilliseconds;
    }
}
