using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Engine.Handlers;

/// <summary>Code that talks to one kind of backend: it describes itself to the configuration, and makes handlers.</summary>
public abstract class Adapter
{
    /// <summary>The adapter's name, the templates it takes, and how its parameters are read and checked.</summary>
    public abstract AdapterDescriptor Descriptor { get; }

    /// <summary>Makes a handler. The parameters are valid: the descriptor has read them.</summary>
    /// <param name="definition">The handler's name and parameters.</param>
    /// <param name="services">What handlers share.</param>
    /// <returns>The handler; the engine disposes it.</returns>
    public abstract IHandler CreateHandler(HandlerDefinition definition, HandlerServices services);
}

/// <summary>What the engine gives to handlers.</summary>
/// <param name="Time">The time to go by.</param>
/// <param name="StandardOutput">Where lines for standard output go.</param>
/// <param name="StandardError">Where lines for standard error go.</param>
public sealed record HandlerServices(TimeProvider Time, Stream StandardOutput, Stream StandardError)
{
    /// <summary>Where what an operator must know is told: what changes, and not what happens with each request. Default: nowhere.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
