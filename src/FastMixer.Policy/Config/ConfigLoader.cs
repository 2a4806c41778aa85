using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

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
