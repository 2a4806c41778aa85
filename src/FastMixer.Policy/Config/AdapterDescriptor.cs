using System.Collections.Frozen;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

/// <summary>What a configuration must know of an adapter.</summary>
/// <param name="Name">Its name, and the kind of its legacy resources.</param>
/// <param name="Templates">The names of the templates it takes.</param>
/// <param name="ReadParameters">Reads and checks a handler's parameters; problems go into the reader.</param>
public sealed record AdapterDescriptor(string Name, IReadOnlyList<string> Templates, Func<ParameterReader, object> ReadParameters)
{
    /// <summary>Other names that configurations use for it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Adapters of Mixer that it can be used instead of, with parameters of its own.</summary>
    public IReadOnlyList<string> InPlaceOf { get; init; } = [];

    /// <summary>Whether its handlers ask a backend that may be slow or down, so that a configuration may say how to deal with that.</summary>
    public bool HasBackend { get; init; }

    /// <summary>
    /// Says what is wrong with an instance that a rule sends to a handler, given what <see cref="ReadParameters"/> made of its parameters; null if
    /// nothing is.
    /// </summary>
    public Func<object, Instance, string?> CheckInstance { get; init; } = static (_, _) => null;
}

/// <summary>The adapters that a configuration may use. Immutable.</summary>
public sealed class AdapterCatalog
{
    // Whose configuration names one of these has made no mistake of spelling.
    private static readonly FrozenSet<string> AdaptersOfMixer = FrozenSet.Create(
        StringComparer.Ordinal,
        "bypass", "circonus", "cloudmonitor", "cloudwatch", "denier", "dogstatsd", "fluentd", "kubernetesenv", "list", "listchecker", "memquota", "newrelic",
        "noop", "opa", "prometheus", "rbac", "redisquota", "servicecontrol", "signalfx", "skywalking", "solarwinds", "stackdriver", "statsd", "stdio", "zipkin");

    private readonly Dictionary<string, AdapterDescriptor> _adapters = new(StringComparer.Ordinal);

    /// <summary>A catalog.</summary>
    /// <param name="adapters">The adapters; names and aliases must be distinct.</param>
    public AdapterCatalog(IEnumerable<AdapterDescriptor> adapters)
    {
        foreach (AdapterDescriptor adapter in adapters)
        {
            foreach (string name in adapter.Aliases.Prepend(adapter.Name))
            {
                _adapters.Add(name, adapter);
            }
        }
    }

    /// <summary>Finds an adapter by its name or an alias.</summary>
    /// <param name="name">The name.</param>
    public AdapterDescriptor? Find(string name) => _adapters.GetValueOrDefault(name);

    /// <summary>All names and aliases.</summary>
    internal IEnumerable<string> Names => _adapters.Keys;

    /// <summary>Whether a name is that of an adapter of Mixer which is none of these.</summary>
    internal bool IsMissing(string name) => AdaptersOfMixer.Contains(name) && Find(name) is null;

    /// <summary>What is said of a name that no adapter has.</summary>
    internal string Unknown(ScalarNode name)
    {
        string known = $" Known are: {string.Join(", ", _adapters.Keys.Order(StringComparer.Ordinal))}.";
        if (IsMissing(name.Text))
        {
            AdapterDescriptor? other = _adapters.Values.FirstOrDefault(adapter => adapter.InPlaceOf.Contains(name.Text));
            return $"Mixer's adapter {name.Describe()} is not built in.{(other is null ? known : $" Use {other.Name} in its place.")}";
        }

        string suggestion = Suggestion.For(name.Text, _adapters.Keys);
        return $"Unknown adapter {name.Describe()}.{(suggestion.Length > 0 ? suggestion : known)}";
    }
}
