using FastMixer.Protocol.Addresses;

namespace FastMixer.Client.Fleet.Naming;

/// <summary>A server that belongs to a fleet.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Priority">Lower numbers are asked first.</param>
/// <param name="Weight">Its weight among those of its priority, above 0.</param>
internal sealed record ServerTarget(MixerAddress Address, int Priority = 0, double Weight = 1);
