using FastMixer.Client.Fleet.Naming;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Fleet;

/// <summary>Finds what is wrong with the options of a fleet.</summary>
internal static class FleetOptionsCheck
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Checks all options.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The addresses, read.</returns>
    /// <exception cref="ArgumentException">One is out of its range; the message says which, what it is, and what would be right.</exception>
    public static IReadOnlyList<FleetAddress> Read(FleetOptions options)
    {
        OptionRange.Require(options.LoadSlack, 0.01, 100, "Servers.LoadSlack");
        OptionRange.Require(options.Attempts, 1, 16, "Servers.Attempts");
        OptionRange.Require(options.EjectAfter, 1, 1_000, "Servers.EjectAfter");
        OptionRange.Require(options.EjectionTime, Millisecond, Day, "Servers.EjectionTime");
        OptionRange.Require(options.MaxEjectionTime, options.EjectionTime, Day, "Servers.MaxEjectionTime");
        OptionRange.Require(options.SlowStart, TimeSpan.Zero, Hour, "Servers.SlowStart");
        OptionRange.Require(options.HedgingBudget, 0.001, 1, "Servers.HedgingBudget");
        OptionRange.Require(options.DnsRefresh, Second, Hour, "Servers.DnsRefresh");
        OptionRange.Require(options.MaxSrvRefresh, Second, Hour, "Servers.MaxSrvRefresh");
        OptionRange.Require(options.DatagramPadding, ProtocolLimits.MinDatagramBytes, ProtocolLimits.Default.MaxDatagramBytes, "Servers.DatagramPadding");
        OptionRange.Require(options.MaxInFlight, 1, 65_536, "Servers.MaxInFlight");
        return ReadAddresses(options.Addresses);
    }

    private static List<FleetAddress> ReadAddresses(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            throw new ArgumentException("Servers.Addresses is empty: give at least one, such as tcp://127.0.0.1:9191.");
        }

        var addresses = new List<FleetAddress>(texts.Count);
        foreach (string text in texts)
        {
            if (!FleetAddress.TryParse(text, out FleetAddress? address, out string? problem))
            {
                throw new ArgumentException($"Servers.Addresses: {problem}");
            }

            addresses.Add(address);
        }

        return addresses;
    }
}
