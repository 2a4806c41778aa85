using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Load;

/// <summary>What is measured.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Dialect">How it is spoken to.</param>
/// <param name="Requests">The requests that it gets.</param>
/// <param name="Keys">How they differ.</param>
/// <param name="ProcessId">Its process, if its CPU time is to be read.</param>
internal sealed record Target(ServerAddress Address, Dialect Dialect, IRequestTemplate Requests, KeySource Keys, int? ProcessId);
