using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace FastMixer.Client.Fleet.Naming;

/// <summary>
/// Looks names up in DNS: addresses by the system, so that its hosts file and search domains count, and SRV records, which the system has no call for, at the name servers that
/// the system has.
/// </summary>
internal sealed class DnsResolver : INameResolver
{
    private readonly Lazy<LookupClient> _client = new(static () => new LookupClient(new LookupClientOptions
    {
        // How long records hold is the watcher's business.
        UseCache = false,
    }));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new NameException($"the name {name} has no address: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SrvTarget>> TargetsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            IDnsQueryResponse response = await _client.Value.QueryAsync(name, QueryType.SRV, QueryClass.IN, cancellationToken).ConfigureAwait(false);
            if (response.HasError)
            {
                throw new NameException($"the name {name} has no SRV records: {response.ErrorMessage}");
            }

            return [.. response.Answers.OfType<SrvRecord>().Select(static record => new SrvTarget(
                record.Target.Value.TrimEnd('.'), record.Port, record.Priority, record.Weight, TimeSpan.FromSeconds(record.InitialTimeToLive)))];
        }
        catch (Exception exception) when (exception is not NameException && !cancellationToken.IsCancellationRequested)
        {
            throw new NameException($"the SRV records of {name} can't be looked up: {exception.Message}", exception);
        }
    }
}
