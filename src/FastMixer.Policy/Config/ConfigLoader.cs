using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

/// <summary>How a configuration is read. Immutable.</summary>
public sealed record ConfigOptions
{
    /// <summary>The namespace whose rules are for all requests.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>The namespace of resources that name none.</summary>
    public string DefaultNamespace { get; init; } = "istio-system";
}

/// <summary>What became of a configuration.</summary>
/// <param name="Snapshot">The compiled configuration, or null if there was an error.</param>
/// <param name="Problems">Everything that is wrong or looks wrong, in the order of places.</param>
public sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems)
{
    /// <summary>Whether there is a snapshot.</summary>
    public bool IsValid => Snapshot is not null;
}

/// <summary>Makes a snapshot of configuration text: all of it, or none. Allocates as it pleases; not for the request path.</summary>
public static class ConfigLoader
{
    /// <summary>Reads, checks and compiles.</summary>
    /// <param name="sources">The files, in their order.</param>
    /// <param name="adapters">The adapters that may be used.</param>
    /// <param name="options">How it is read.</param>
    public static LoadResult Load(IEnumerable<ConfigSource> sources, AdapterCatalog adapters, ConfigOptions? options = null)
    {
        options ??= new ConfigOptions();
        var problems = new List<Problem>();
        IReadOnlyList<Resource> resources = new ResourceReader(adapters, options.DefaultNamespace, problems).Read(sources);
        Snapshot snapshot = new SnapshotBuilder(resources, adapters, options, problems).Build();
        Problem[] ordered = [.. problems.Distinct().OrderBy(problem => problem.Place)];
        return new LoadResult(ordered.Any(problem => problem.Severity == Severity.Error) ? null : snapshot, ordered);
    }
}
