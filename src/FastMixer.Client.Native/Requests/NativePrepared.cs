using FastMixer.Client.Attributes;
using FastMixer.Client.Native.Clients;

namespace FastMixer.Client.Native.Requests;

/// <summary>An <c>fm_prepared</c>. Immutable; any thread may use it.</summary>
/// <param name="Client">Whose it is.</param>
/// <param name="Attributes">What requests start from.</param>
internal sealed record NativePrepared(NativeClient Client, PreparedAttributes Attributes);
