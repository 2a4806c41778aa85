using FastMixer.Adapters;
using FastMixer.Cli.Output;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Server.Configuration;

namespace FastMixer.Cli.Explaining;

/// <summary>Loads the policy of a folder for commands that only look at it.</summary>
internal static class ConfigFolder
{
    /// <summary>Reads, checks and compiles a folder.</summary>
    /// <param name="path">The folder.</param>
    public static PolicyLoad Load(string path) => new PolicyFolder(path, BuiltInAdapters.Registry.Catalog).Load(generation: 1);

    /// <summary>A folder's policy, which must be valid. Warnings go to standard error.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="error">Takes the warnings.</param>
    /// <exception cref="InputException">It is not valid; the message holds every error.</exception>
    public static Snapshot LoadValid(string path, TextWriter error)
    {
        PolicyLoad loaded = Load(path);
        if (loaded.Policy is { } policy)
        {
            foreach (Problem problem in loaded.Problems)
            {
                error.WriteLine(Printable.Line(problem.ToString()));
            }

            return policy;
        }

        throw new InputException(string.Join('\n', loaded.Problems.Where(problem => problem.Severity == Severity.Error)));
    }
}
