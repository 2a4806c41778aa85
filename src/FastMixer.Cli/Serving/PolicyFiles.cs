using System.Reflection;
using FastMixer.Adapters;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Cli.Serving;

/// <summary>Loads the policy that a server is to run: a folder's, or the sample that is built in.</summary>
internal static class PolicyFiles
{
    private const string SamplePrefix = "samples/";

    /// <summary>Loads a policy, and writes every problem of it out.</summary>
    /// <param name="folder">The folder, or null for the sample.</param>
    /// <param name="error">Takes the problems, a line each.</param>
    /// <exception cref="InputException">The policy has errors.</exception>
    public static Snapshot Load(string? folder, TextWriter error)
    {
        var problems = new List<Problem>();
        IEnumerable<ConfigSource> sources = folder is null ? Sample() : ConfigDirectory.Read(folder, problems);
        LoadResult loaded = ConfigLoader.Load(sources, BuiltInAdapters.Registry.Catalog);
        problems.AddRange(loaded.Problems);
        foreach (Problem problem in problems)
        {
            error.WriteLine(problem.ToString());
        }

        int errors = problems.Count(problem => problem.Severity == Severity.Error);
        return errors == 0 && loaded.Snapshot is { } snapshot
            ? snapshot
            : throw new InputException($"the policy has {errors} {(errors == 1 ? "error" : "errors")}, so nothing is served");
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
