using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastMixer.Engine.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>All lines, each with its level before it.</summary>
    public IReadOnlyList<string> All => [.. _lines];

    /// <summary>The same without a handler's name.</summary>
    public IReadOnlyList<string> Lines(string handler) => [.. _lines.Select(line => line.Replace($"{handler}: ", "", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)}");

    public void Dispose()
    {
    }
}
