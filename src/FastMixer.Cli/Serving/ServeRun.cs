using System.Runtime.InteropServices;
using FastMixer.Adapters;
using FastMixer.Engine;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Addresses;
using FastMixer.Server.Admin;
using FastMixer.Server.Configuration;
using FastMixer.Server.Hosting;
using FastMixer.Server.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FastMixer.Cli.Serving;

/// <summary>One run of a server, from its start to the signal that ends it.</summary>
internal static class ServeRun
{
    /// <summary>Serves until the process is told to stop, then drains.</summary>
    /// <param name="options">What it is run with.</param>
    /// <param name="output">Takes each address once it listens, then <c>ready</c>.</param>
    /// <param name="cancellationToken">Ends the run as a signal does.</param>
    /// <exception cref="InputException">An address cannot be had, or a handler not be made.</exception>
    public static async Task RunAsync(ServeOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        ILogger logger = loggers.CreateLogger("FastMixer");
        await using Stream standardOutput = Console.OpenStandardOutput();
        await using Stream standardError = Console.OpenStandardError();
        var services = new HandlerServices(TimeProvider.System, standardOutput, standardError) { Loggers = loggers };
        await using var engine = new MixerEngine(StartHandlers(options.Policy, services), options.Reports, options.Verdicts);
        await using PolicyWatcher? watcher = options.Folder is null
            ? null
            : new PolicyWatcher(engine, options.Folder, options.Policy, options.Watch, logger);
        await using var server = new MixerServer(engine, options.Server, logger);
        using var stop = new StopSignal(cancellationToken);
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            watcher?.RequestReload();
        });
        try
        {
            server.Start();
        }
        catch (ListenException exception)
        {
            throw new InputException(exception.Message);
        }

        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        var builtIn = new PolicyStatus(options.Policy.Policy!.Generation, options.Policy.Policy.Digest, started, Folder: null, IsStale: false, []);
        await using AdminServer? pages = AdminPages.Start(
            options.Admin, [new HealthPage(server), new MetricsPage(), new ConfigPage(() => watcher?.Status ?? builtIn), new CachePage(engine)], logger);
        foreach (MixerAddress address in server.Addresses)
        {
            await output.WriteLineAsync(address.ToString());
        }

        await output.WriteLineAsync("ready");
        await output.FlushAsync(CancellationToken.None);
        await stop.WhenAskedAsync();
        await server.StopAsync();
        await EngineShutdown.RunAsync(engine, logger);
    }

    private static LiveSnapshot StartHandlers(PolicyLoad policy, HandlerServices services)
    {
        try
        {
            return LiveSnapshot.Start(policy.Policy!, BuiltInAdapters.Registry, services);
        }
        catch (HandlerStartException exception)
        {
            throw new InputException(exception.Message);
        }
    }

    /// <summary>The request to stop: SIGTERM, SIGINT, or a token.</summary>
    private sealed class StopSignal : IDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly PosixSignalRegistration _terminate;
        private readonly PosixSignalRegistration _interrupt;
        private readonly CancellationTokenRegistration _token;

        public StopSignal(CancellationToken cancellationToken)
        {
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
            _token = cancellationToken.Register(() => _asked.TrySetResult());
        }

        public Task WhenAskedAsync() => _asked.Task;

        public void Dispose()
        {
            _token.Dispose();
            _terminate.Dispose();
            _interrupt.Dispose();
        }

        // A second signal ends the process at once, as signals do.
        private void Ask(PosixSignalContext context) => context.Cancel = _asked.TrySetResult();
    }
}
