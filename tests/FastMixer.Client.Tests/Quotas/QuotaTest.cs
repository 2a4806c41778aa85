using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Tests.Quotas;

/// <summary>What tests of quotas share: a space, and checks as a client makes them: from the pools, or else from the server, whose answer the pools learn.</summary>
public abstract class QuotaTest : ClientTest
{
    private protected AttributeSpace Space { get; } =
        new(new MixerClientOptions { Servers = new FleetOptions { Addresses = ["tcp://127.0.0.1:9191"] } });

    private protected QuotaFleet Serve(Func<IServerQuota> make) => new(Space, Clock, make);

    private protected QuotaPools Start(QuotaFleet fleet, QuotaOptions? options = null) =>
        new(options ?? new QuotaOptions(), Space, fleet, Clock, TimeSpan.FromSeconds(1));

    private protected RequestAttributes Request(string source = "reader")
    {
        RequestAttributes request = Space.Rent(null);
        request.Set("source.name", source);
        return request;
    }

    /// <summary>How much one check gets, and whether without asking.</summary>
    private protected (long Granted, bool IsLocal) Check(
        QuotaPools pools, QuotaFleet fleet, long amount = 1, bool bestEffort = false, string name = "rate", string source = "reader")
    {
        using RequestAttributes request = Request(source);
        QuotaRequest[] quotas = [new QuotaRequest(name, amount, bestEffort)];
        if (pools.TryTake(request.Bag, quotas, out IReadOnlyList<QuotaGrant>? grants))
        {
            return (grants![0].Granted, true);
        }

        Verdict verdict = fleet.Check(request.Bag, quotas);
        pools.Learn(request.Bag, quotas, verdict);
        return (verdict.Quotas[0].Granted, false);
    }
}
