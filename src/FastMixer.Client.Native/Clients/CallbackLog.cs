using FastMixer.Client.Native.Boundary;
using Microsoft.Extensions.Logging;

namespace FastMixer.Client.Native.Clients;

/// <summary>A log that is an <c>fm_log_callback</c>. Thread-safe, as far as that is.</summary>
/// <param name="callback">Its address.</param>
/// <param name="context">What it is handed.</param>
internal sealed class CallbackLog(nint callback, nint context) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The callback is the only one.");

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    /// <inheritdoc/>
    public unsafe void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string text = formatter(state, exception);
        PinnedText pinned = PinnedText.Of(exception is null ? text : $"{text} ({exception.Message})");
        Guard.BeginCallback();
        ((delegate* unmanaged<nint, int, nint, void>)callback)(context, Math.Min((int)logLevel, (int)LogLevel.Error), pinned.Address);
        Guard.EndCallback();
        GC.KeepAlive(pinned);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
