using FastMixer.Engine;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Words;
using FastMixer.Server.Diagnostics;
using FastMixer.Server.Overload;
using FastMixer.Server.Sessions;
using FastMixer.Server.Transports;
using Microsoft.Extensions.Logging;

namespace FastMixer.Server.Hosting;

/// <summary>
/// A server: listeners, their sessions, and the engine that answers them. <see cref="Start"/> binds all addresses or none;
/// <see cref="StopAsync"/> drains. The engine belongs to the caller.
/// </summary>
public sealed class MixerServer : IAsyncDisposable
{
    private readonly ServerContext _context;
    private readonly SessionTable _sessions;
    private readonly List<IListener> _listeners = [];
    private readonly ServerMeter _meter;
    private volatile bool _stopped;

    /// <summary>A server that does not listen yet.</summary>
    /// <param name="engine">What answers; must outlive the server.</param>
    /// <param name="options">How the server is to be run.</param>
    /// <param name="logger">Where events are told.</param>
    /// <param name="time">The time to go by; the system's if null.</param>
    public MixerServer(MixerEngine engine, MixerServerOptions options, ILogger logger, TimeProvider? time = null)
    {
        var welcome = new Welcome(
            MessageHeader.Version, options.Software, Guid.NewGuid().ToString("n")[..16], WordList.Standard.Count, options.Limits);
        time ??= TimeProvider.System;
#pragma warning disable CA2000 // Ends with the server.
        var overload = new OverloadMonitor(options.Overload, options.PollingThreads, time, logger);
#pragma warning restore CA2000
        _context = new ServerContext(engine, options, welcome, new ServerCounters(), overload, time, logger);
        _sessions = new SessionTable(_context);
        _meter = new ServerMeter(this);
        engine.PolicyChanged += _sessions.AnnouncePolicy;
    }

    /// <summary>Whether it has been told to stop: it answers what it has received and still receives, but takes no new connections.</summary>
    public bool IsStopping => _stopped;

    /// <summary>What happened at the sockets.</summary>
    public ServerCounters Counters => _context.Counters;

    /// <summary>How many queues are so long that load is shed: of threads that poll sockets, of connections, of datagrams. 0 when nothing is shed.</summary>
    public int StandingQueues => _context.Overload.Standing;

    /// <summary>Checks that were refused because the server was overloaded.</summary>
    public long ShedChecks => _context.Overload.ShedChecks;

    /// <summary>Reports that were refused because the server was overloaded.</summary>
    public long ShedReports => _context.Overload.ShedReports;

    /// <summary>How late the threads are that poll sockets.</summary>
    public TimeSpan PollingDelay => _context.Overload.Delay;

    /// <summary>How many connections are open.</summary>
    public int Connections => _sessions.Count;

    /// <summary>Where clients reach the server, in the order of the options, with the ports that the system chose.</summary>
    public IReadOnlyList<MixerAddress> Addresses => [.. _listeners.Select(listener => listener.Address)];

    /// <summary>Binds every address, and begins to serve.</summary>
    /// <exception cref="ListenException">An address cannot be had; none is then bound.</exception>
    public void Start()
    {
        try
        {
            foreach (MixerAddress address in _context.Options.Listen)
            {
                _listeners.Add(address.IsStream
                    ? new StreamListener(address, _context, _sessions)
                    : new DatagramListener(address, _context));
            }
        }
        catch
        {
            foreach (IListener listener in _listeners)
            {
                _ = listener.DisposeAsync().AsTask();
            }

            _listeners.Clear();
            throw;
        }

        foreach (IListener listener in _listeners)
        {
            listener.Start();
        }
    }

    /// <summary>Stops: no new connections, all clients are told to leave, what came is answered, and what is left at the end of the drain time is closed.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _context.Engine.PolicyChanged -= _sessions.AnnouncePolicy;
        foreach (IListener listener in _listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await _sessions.DrainAsync(_context.Options.DrainTime).ConfigureAwait(false);
        await _sessions.DisposeAsync().ConfigureAwait(false);
        _context.Overload.Dispose();
        _meter.Dispose();
    }

    /// <summary>Stops.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());
}
