using System.Net;
using FastMixer.Client.Channels;
using FastMixer.Protocol.Addresses;

namespace FastMixer.Client.Fleet.Naming;

/// <summary>
/// Looks one name up, again and again, and tells the servers that it leads to. What can't be looked up, or leads nowhere, leaves the servers as they were: a fleet does not
/// vanish because a name server does.
/// </summary>
/// <param name="address">The name.</param>
/// <param name="resolver">Looks it up.</param>
/// <param name="fleet">For options, clock and log.</param>
/// <param name="onTargets">Told the servers, whether they have changed or not.</param>
internal sealed class NameWatcher(FleetAddress address, INameResolver resolver, FleetContext fleet, Action<IReadOnlyList<ServerTarget>> onTargets)
{
    // By RFC 2782 a weight of 0 means a very small chance, where others have more.
    private const double WeightOfZero = 0.01;

    private static readonly TimeSpan MinRefresh = TimeSpan.FromSeconds(1);

    private readonly Backoff _pauses = new(MinRefresh, fleet.Options.DnsRefresh, fleet.Clock);

    /// <summary>Looks it up until it is told to stop.</summary>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            TimeSpan pause = await RefreshAsync(stop).ConfigureAwait(false);
            await Task.Delay(pause, fleet.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> RefreshAsync(CancellationToken stop)
    {
        try
        {
            (List<ServerTarget> targets, TimeSpan holds) = address.SrvName is null
                ? await AddressesAsync(address.Server!, stop).ConfigureAwait(false)
                : await TargetsAsync(address.SrvName, stop).ConfigureAwait(false);
            if (targets.Count == 0)
            {
                throw new NameException($"{address.Text} leads to no server");
            }

            if (_pauses.Cause is not null)
            {
                FleetLog.NameFound(fleet.Logger, address.Text, targets.Count);
            }

            _pauses.Succeed();
            onTargets(targets);
            return holds;
        }
        catch (NameException problem)
        {
            if (_pauses.Cause is null)
            {
                FleetLog.NameNotFound(fleet.Logger, address.Text, problem.Message);
            }

            _pauses.Fail(new ChannelFault(problem.Message, problem));
            return _pauses.Remaining;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
    }

    private async Task<(List<ServerTarget> Targets, TimeSpan Holds)> AddressesAsync(MixerAddress name, CancellationToken stop)
    {
        IReadOnlyList<IPAddress> found = await resolver.AddressesAsync(name.Host, stop).ConfigureAwait(false);
        List<ServerTarget> targets = [.. found.Select(ip => new ServerTarget(ToAddress(ip.ToString(), name.Port)))];
        return (targets, fleet.Options.DnsRefresh);
    }

    private async Task<(List<ServerTarget> Targets, TimeSpan Holds)> TargetsAsync(string name, CancellationToken stop)
    {
        IReadOnlyList<SrvTarget> found = await resolver.TargetsAsync(name, stop).ConfigureAwait(false);
        List<ServerTarget> targets = [];
        TimeSpan holds = fleet.Options.MaxSrvRefresh;
        foreach (SrvTarget target in found)
        {
            holds = target.TimeToLive < holds ? target.TimeToLive : holds;

            // The root as target says that there is no such service.
            if (target.Host.Length > 0 && target.Port > 0)
            {
                targets.Add(new ServerTarget(ToAddress(target.Host, target.Port), target.Priority, Math.Max(target.Weight, WeightOfZero)));
            }
        }

        return (targets, holds > MinRefresh ? holds : MinRefresh);
    }

    private static MixerAddress ToAddress(string host, int port) => MixerAddress.TryParse(
        host.Contains(':', StringComparison.Ordinal) ? $"tcp://[{host}]:{port}" : $"tcp://{host}:{port}", out MixerAddress? server, out string? problem)
        ? server
        : throw new NameException(problem);
}
