using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Server.Configuration;

/// <summary>What a folder held when it was read.</summary>
/// <param name="Policy">The configuration, or null if it has errors.</param>
/// <param name="Problems">Everything that is wrong or looks wrong.</param>
/// <param name="Signature">Stands for the files as they were before they were read.</param>
public sealed record PolicyLoad(Snapshot? Policy, IReadOnlyList<Problem> Problems, string Signature)
{
    /// <summary>How many of the problems are errors.</summary>
    public int Errors => Problems.Count(problem => problem.Severity == Severity.Error);
}

/// <summary>The folder of a policy.</summary>
/// <param name="path">The folder.</param>
/// <param name="adapters">The adapters that the policy may use.</param>
public sealed class PolicyFolder(string path, AdapterCatalog adapters)
{
    // A folder that changes at each of these is read as it is; the next look sees that it is another.
    private const int MaxReads = 5;

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Reads, checks and compiles what is in it. Never fails: what is wrong are problems.</summary>
    /// <param name="generation">The number of the configuration that comes out.</param>
    public PolicyLoad Load(long generation)
    {
        (IReadOnlyList<ConfigSource> sources, List<Problem> problems, string signature) = ReadWhole();
        LoadResult loaded = ConfigLoader.Load(sources, adapters, new ConfigOptions { Generation = generation });
        problems.AddRange(loaded.Problems);
        bool isValid = problems.TrueForAll(problem => problem.Severity != Severity.Error);
        return new PolicyLoad(isValid ? loaded.Snapshot : null, problems, signature);
    }

    /// <summary>Stands for the files as they are now.</summary>
    internal string ReadSignature() => FolderSignature.Read(path);

    // Half of a change must not go live, also when it comes while the files are read: a folder that is another then is read again.
    private (IReadOnlyList<ConfigSource> Sources, List<Problem> Problems, string Signature) ReadWhole()
    {
        string before = ReadSignature();
        for (int read = 1; ; read++)
        {
            var problems = new List<Problem>();
            IReadOnlyList<ConfigSource> sources = ConfigDirectory.Read(path, problems);
            string after = ReadSignature();
            if (after == before || read == MaxReads)
            {
                return (sources, problems, before);
            }

            before = after;
        }
    }
}
