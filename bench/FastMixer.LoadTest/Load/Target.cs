using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Load;

/// <summary>What is measured: a server that speaks the protocol, or the floor.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Check">The request that it gets.</param>
/// <param name="ProcessId">Its process, if its CPU time is to be read.</param>
/// <param name="IsFloor">Whether it is the floor: no hello, and answers without ids, in order.</param>
internal sealed record Target(ServerAddress Address, CheckTemplate Check, int? ProcessId, bool IsFloor);
