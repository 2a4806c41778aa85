using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Tests.Reports;

/// <summary>Keeps what is logged.</summary>
internal sealed class CountingLogger : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _texts = [];

    public string[] Texts
    {
        get
        {
            lock (_lock)
            {
                return [.. _texts];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _texts.Add(formatter(state, exception));
        }
    }
}
