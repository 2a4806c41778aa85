using System.Reflection;
using FastMixer.Adapters;
using FastMixer.Policy.Config;
using FastMixer.Server.Configuration;

namespace FastMixer.Cli.Serving;

/// <summary>Loads the policy that a server is to run: a folder's, or the sample that is built in.</summary>
internal static class PolicyFiles
{
    private const string SamplePrefix = "samples/";

    /// <summary>Loads a policy, and writes every problem of it out.</summary>
    /// <param name="folder">The folder, or null for the sample.</param>
    /// <param name="error">Takes the problems, a line each.</param>
    /// <exception cref="InputException">The policy has errors.</exception>
    public static PolicyLoad Load(PolicyFolder? folder, TextWriter error)
    {
        PolicyLoad loaded = folder is null ? LoadSample() : folder.Load(generation: 1);
        foreach (Problem problem in loaded.Problems)
        {
            error.WriteLine(problem.ToString());
        }

        return loaded.Policy is not null
            ? loaded
            : throw new InputException($"the policy has {loaded.Errors} {(loaded.Errors == 1 ? "error" : "errors")}, so nothing is served");
    }

    private static PolicyLoad LoadSample()
    {
        LoadResult loaded = ConfigLoader.Load(Sample(), BuiltInAdapters.Registry.Catalog, new ConfigOptions { Generation = 1 });
        return new PolicyLoad(loaded.Snapshot, loaded.Problems, "");
    }

    /// <summary>The policy that is built in.</summary>
    public static IEnumerable<ConfigSource> Sample()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(SamplePrefix, StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new ConfigSource(name, reader.ReadToEnd());
        }
    }
}
