using System.Net;

namespace FastMixer.Client.Fleet.Naming;

/// <summary>Looks names up. Thread-safe.</summary>
internal interface INameResolver
{
    /// <summary>The addresses of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NameException">They can't be found out.</exception>
    Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancellationToken);

    /// <summary>The SRV records of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NameException">They can't be found out.</exception>
    Task<IReadOnlyList<SrvTarget>> TargetsAsync(string name, CancellationToken cancellationToken);
}

/// <summary>An SRV record (RFC 2782).</summary>
/// <param name="Host">The target, without a dot at its end.</param>
/// <param name="Port">Its port.</param>
/// <param name="Priority">The lowest number first.</param>
/// <param name="Weight">Among those of one priority.</param>
/// <param name="TimeToLive">For how long the record holds.</param>
internal sealed record SrvTarget(string Host, int Port, int Priority, int Weight, TimeSpan TimeToLive);

/// <summary>A name that could not be looked up; the message says which, and why.</summary>
/// <param name="message">What was wrong.</param>
/// <param name="innerException">The cause.</param>
internal sealed class NameException(string message, Exception? innerException = null) : Exception(message, innerException);
