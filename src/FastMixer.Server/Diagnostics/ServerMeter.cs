using System.Diagnostics.Metrics;
using FastMixer.Protocol.Wire;
using FastMixer.Server.Hosting;

namespace FastMixer.Server.Diagnostics;

/// <summary>What a server counts at its sockets, as instruments of the meter <c>FastMixer.Server</c> (spec/config.md, Metrics). Read when somebody asks.</summary>
internal sealed class ServerMeter : IDisposable
{
    private readonly Meter _meter = new("FastMixer.Server");

    /// <summary>The instruments of a server.</summary>
    public ServerMeter(MixerServer server)
    {
        ServerCounters counters = server.Counters;
        _meter.CreateObservableGauge("fastmixer.connections", () => server.Connections, "{connection}", "Connections that are open.");
        _meter.CreateObservableCounter("fastmixer.connections.accepted", () => counters.Accepted, "{connection}", "Connections accepted.");
        _meter.CreateObservableCounter("fastmixer.connections.closed", () => ReadClosed(counters), "{connection}", "Connections that ended, by the reason.");
        _meter.CreateObservableCounter("fastmixer.accept.errors", () => counters.AcceptErrors, "{error}", "Failed attempts to accept a connection.");
        _meter.CreateObservableCounter("fastmixer.datagrams.dropped", () => counters.DatagramsDropped, "{datagram}", "Datagrams that got no answer.");
        _meter.CreateObservableCounter("fastmixer.errors", () => ReadErrors(counters), "{error}", "Errors that were answered, by their code in the protocol.");
        _meter.CreateObservableCounter(
            "fastmixer.overload.shed", () => ReadShed(server), "{request}", "Requests refused because they had waited too long in an overloaded server.");
        _meter.CreateObservableGauge(
            "fastmixer.overload.queues", () => server.StandingQueues, "{queue}", "Queues so long that load is shed; 0 when nothing is.");
        _meter.CreateObservableGauge(
            "fastmixer.overload.delay", () => server.PollingDelay.TotalSeconds, "s", "How late the threads are that poll the sockets.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ReadClosed(ServerCounters counters) =>
        Enum.GetValues<CloseReason>().Skip(1).Select(reason => Of(counters.Closed(reason), "reason", reason.ToString()));

    private static IEnumerable<Measurement<long>> ReadErrors(ServerCounters counters) =>
        Enum.GetValues<ErrorCode>().Skip(1).Select(code => Of(counters.Errors(code), "code", code.Name()));

    private static IEnumerable<Measurement<long>> ReadShed(MixerServer server) =>
        [Of(server.ShedChecks, "message", "check"), Of(server.ShedReports, "message", "report")];

    private static Measurement<long> Of(long count, string tag, string value) => new(count, KeyValuePair.Create<string, object?>(tag, value));
}
