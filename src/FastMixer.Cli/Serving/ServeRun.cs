using System.Runtime.InteropServices;
using FastMixer.Adapters;
using FastMixer.Engine;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Addresses;
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
    /// <param name="policy">The policy.</param>
    /// <param name="options">How the server is to be run.</param>
    /// <param name="output">Takes each address once it listens, then <c>ready</c>.</param>
    /// <param name="cancellationToken">Ends the run as a signal does.</param>
    /// <exception cref="InputException">An address cannot be had.</exception>
    public static async Task RunAsync(Snapshot policy, MixerServerOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await using Stream standardOutput = Console.OpenStandardOutput();
        await using Stream standardError = Console.OpenStandardError();
        var services = new HandlerServices(TimeProvider.System, standardOutput, standardError);
        await using var engine = new MixerEngine(LiveSnapshot.Start(policy, BuiltInAdapters.Registry, services));
        await using var server = new MixerServer(engine, options, loggers.CreateLogger("FastMixer"));
        using var stop = new StopSignal(cancellationToken);
        try
        {
            server.Start();
        }
        catch (ListenException exception)
        {
            throw new InputException(exception.Message);
        }

        foreach (MixerAddress address in server.Addresses)
        {
            await output.WriteLineAsync(address.ToString());
        }

        await output.WriteLineAsync("ready");
        await output.FlushAsync(CancellationToken.None);
        await stop.WhenAskedAsync();
        await server.StopAsync();
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
