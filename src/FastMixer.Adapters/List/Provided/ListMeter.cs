using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FastMixer.Adapters.List.Provided;

/// <summary>The instruments of lists that are fetched (spec/config.md, Metrics).</summary>
internal static class ListMeter
{
    private static readonly ConcurrentDictionary<ProvidedList, string> Lists = new();

    private static readonly Counter<long> Refreshes = AdapterMeter.Meter.CreateCounter<long>(
        "fastmixer.list.refreshes", unit: "{attempt}", description: "Attempts to renew a list by how they ended.");

    static ListMeter()
    {
        AdapterMeter.Meter.CreateObservableGauge("fastmixer.list.entries", ReadEntries, unit: "{entry}", description: "Entries of a list.");
        AdapterMeter.Meter.CreateObservableGauge("fastmixer.list.age", ReadAges, unit: "s", description: "Time since a list was last known to be what its provider has.");
    }

    /// <summary>Shows a list.</summary>
    public static void Watch(ProvidedList list, string handler) => Lists.TryAdd(list, handler);

    /// <summary>Shows it no more.</summary>
    public static void Forget(ProvidedList list) => Lists.TryRemove(list, out _);

    /// <summary>Counts an attempt.</summary>
    public static void Count(string handler, RefreshOutcome outcome) =>
        Refreshes.Add(1, Tag("handler", handler), Tag("outcome", Name(outcome)));

    private static string Name(RefreshOutcome outcome) => outcome switch
    {
        RefreshOutcome.Replaced => "replaced",
        RefreshOutcome.Unchanged => "unchanged",
        RefreshOutcome.Invalid => "invalid",
        _ => "unreachable",
    };

    private static IEnumerable<Measurement<int>> ReadEntries() =>
        Lists.Select(one => new Measurement<int>(one.Key.Measure().Entries, Tag("handler", one.Value)));

    private static IEnumerable<Measurement<double>> ReadAges() =>
        from one in Lists
        let age = one.Key.Measure().Age
        where age is not null
        select new Measurement<double>(age.Value.TotalSeconds, Tag("handler", one.Value));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
