using FastMixer.Engine;
using FastMixer.Engine.Snapshots;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Hosting;

/// <summary>Ends an engine behind its server, and tells the operator what could not be delivered.</summary>
public static class EngineShutdown
{
    /// <summary>Delivers what reports wait, and ends the handlers.</summary>
    /// <param name="engine">The engine, whose server has stopped.</param>
    /// <param name="logger">Where handlers are told that did not end well.</param>
    public static async Task RunAsync(MixerEngine engine, ILogger logger)
    {
        foreach (HandlerEndFailure failure in await engine.StopAsync().ConfigureAwait(false))
        {
            ServerLog.HandlerNotEnded(logger, failure.Handler, failure.Cause);
        }
    }
}
