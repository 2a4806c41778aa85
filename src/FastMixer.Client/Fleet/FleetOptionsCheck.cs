using System.Globalization;
using System.Numerics;
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
        RequireNumber(options.LoadSlack, 0.01, 100, nameof(options.LoadSlack));
        RequireNumber(options.Attempts, 1, 16, nameof(options.Attempts));
        RequireNumber(options.EjectAfter, 1, 1_000, nameof(options.EjectAfter));
        RequireTime(options.EjectionTime, Millisecond, Day, nameof(options.EjectionTime));
        RequireTime(options.MaxEjectionTime, options.EjectionTime, Day, nameof(options.MaxEjectionTime));
        RequireTime(options.SlowStart, TimeSpan.Zero, Hour, nameof(options.SlowStart));
        RequireNumber(options.HedgingBudget, 0.001, 1, nameof(options.HedgingBudget));
        RequireTime(options.DnsRefresh, Second, Hour, nameof(options.DnsRefresh));
        RequireTime(options.MaxSrvRefresh, Second, Hour, nameof(options.MaxSrvRefresh));
        RequireNumber(
            options.DatagramPadding, ProtocolLimits.MinDatagramBytes, ProtocolLimits.Default.MaxDatagramBytes, nameof(options.DatagramPadding));
        RequireNumber(options.MaxInFlight, 1, 65_536, nameof(options.MaxInFlight));
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

    // Written so that NaN is refused as well.
    private static void RequireNumber<T>(T value, T least, T most, string name)
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Servers.{name} is {value}: expected {least} to {most}."));
        }
    }

    private static void RequireTime(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"Servers.{name} is {value}: expected {least} to {most}.");
        }
    }
}
