using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using Microsoft.Extensions.Logging;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>
/// An adapter whose handlers are asked without anything between that retries, remembers or masks, so that tests see what they say themselves.
/// </summary>
internal sealed class DirectAdapter(Adapter inner) : Adapter
{
    /// <summary>Takes what handlers tell.</summary>
    public LogLines Log { get; } = new();

    /// <summary>Ends the wait for a backend.</summary>
    public CancellationToken Patience { get; set; }

    public override AdapterDescriptor Descriptor => inner.Descriptor;

    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        IHandler handler = inner.CreateHandler(definition, services with { Loggers = Log });
        return handler is ICheckBackend backend ? new Asking(backend, this) : handler;
    }

    private sealed class Asking(ICheckBackend backend, DirectAdapter adapter) : ICheckHandler
    {
        public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => backend.AskAsync(instance, adapter.Patience);

        public ValueTask DisposeAsync() => backend.DisposeAsync();
    }
}

/// <summary>Keeps what is logged, a line each: <c>Warning: text</c>.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }

    public void Dispose()
    {
    }
}
