using System.Text;
using FastMixer.Caching;
using FastMixer.Caching.Keys;
using FastMixer.Client.Cache;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Client.Reports;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client;

/// <summary>Which servers a <see cref="MixerClient"/> asks, and how. Immutable. Defaults are those of a sidecar.</summary>
public sealed record MixerClientOptions
{
    /// <summary>The servers.</summary>
    public required FleetOptions Servers { get; init; }

    /// <summary>What this client calls itself towards the servers' operators: at most 256 bytes of UTF-8.</summary>
    public string Name { get; init; } = "fastmixer-client";

    /// <summary>Attributes beyond the standard vocabulary that requests may have, as the policy's attributemanifest declares them.</summary>
    public IReadOnlyList<AttributeDefinition> Attributes { get; init; } = [];

    /// <summary>Sets what every request of this client has, such as its workload's name: said to a server once for each connection. Null for nothing.</summary>
    public Action<Attributes.RequestAttributes>? Base { get; init; }

    /// <summary>How long a check may take, with all the servers it tries, 1 ms to a day.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many verdicts are kept at most, 0 to 16,777,216; 0 keeps none, and checks are spread over servers as with any other number.</summary>
    public int CacheEntries { get; init; } = 10_000;

    /// <summary>The memory for them, in bytes, allocated at once when the client is made, 64 KiB to 16 GiB.</summary>
    public long CacheBytes { get; init; } = 8 << 20;

    /// <summary>How many sets of attributes that verdicts depend on are kept apart, 1 to 32,768. Verdicts of further ones are not kept.</summary>
    public int CacheSets { get; init; } = 1024;

    /// <summary>How long beyond its time a verdict is still used while no server answers, 0 to a day.</summary>
    public TimeSpan StaleFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What becomes of a check that no server answers and for which no verdict is kept.</summary>
    public FailureMode WhenUnavailable { get; init; } = FailureMode.Closed;

    /// <summary>The same for single destinations: by the value of the attribute <c>destination.service.name</c>.</summary>
    public IReadOnlyDictionary<string, FailureMode> WhenUnavailableFor { get; init; } = new Dictionary<string, FailureMode>();

    /// <summary>How reports are gathered and sent.</summary>
    public ReportOptions Reports { get; init; } = new();

    /// <summary>How quotas are taken ahead.</summary>
    public QuotaOptions Quotas { get; init; } = new();

    /// <summary>Requires that each option is within its range, but for <see cref="Servers"/>, whose addresses have to be read for that.</summary>
    /// <exception cref="ArgumentException">One is not; the message says which, what it is, and what would be right.</exception>
    internal void Validate()
    {
        OptionRange.Require(Encoding.UTF8.GetByteCount(Name), 0, ProtocolLimits.Default.MaxNameBytes, "Name in bytes");
        OptionRange.Require(Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(Timeout));
        OptionRange.Require(CacheEntries, 0, KeptVerdicts.MostEntries, nameof(CacheEntries));
        OptionRange.Require(CacheBytes, StripedCacheOptions.MinBytes, KeptVerdicts.MostBytes, nameof(CacheBytes));
        OptionRange.Require(CacheSets, 1, ReferenceSetDirectory.GreatestMaxSets, nameof(CacheSets));
        OptionRange.Require(StaleFor, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(StaleFor));
        Reports.Validate();
        Quotas.Validate();
    }
}
