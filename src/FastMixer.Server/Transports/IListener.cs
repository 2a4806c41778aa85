using FastMixer.Protocol.Addresses;

namespace FastMixer.Server.Transports;

/// <summary>A place where clients reach the server. Bound when it is made; serves from <see cref="Start"/> until it is disposed.</summary>
internal interface IListener : IAsyncDisposable
{
    /// <summary>Where clients reach it, with the port that the system chose.</summary>
    MixerAddress Address { get; }

    /// <summary>Begins to serve.</summary>
    void Start();
}
