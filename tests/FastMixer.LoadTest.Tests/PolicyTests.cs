using FastMixer.Adapters;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Processes;
using FastMixer.LoadTest.Reports;
using FastMixer.Policy.Config;

namespace FastMixer.LoadTest.Tests;

public sealed class PolicyTests
{
    private static readonly ExperimentSetup Setup = new()
    {
        Load = new RoundSettings { Connections = 1, Duration = TimeSpan.Zero, Warmup = TimeSpan.Zero, Rounds = 1 },
    };

    public static TheoryData<string> Names => [.. PolicyNames.All];

    [Fact]
    public void Folders_AreThoseThatExperimentsName() =>
        Assert.Equal(
            PolicyNames.All.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "policies")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_APolicy_IsWithoutProblems(string name)
    {
        var problems = new List<Problem>();

        LoadResult loaded = ConfigLoader.Load(ConfigDirectory.Read(FastMixerProcess.FolderOf(Setup, name), problems), BuiltInAdapters.Registry.Catalog);

        Assert.Empty(problems.Concat(loaded.Problems));
        Assert.NotNull(loaded.Snapshot);
    }

    [Theory]
    [InlineData(PolicyNames.Reports, IngestExperiment.PolicyPort)]
    [InlineData(PolicyNames.Scraped, IngestExperiment.PolicyPort)]
    [InlineData(PolicyNames.Logged, ReportOutageExperiment.PolicyPort)]
    public void Policies_WhosePortIsExchanged_HaveIt(string name, int port) =>
        Assert.Contains(
            Directory.EnumerateFiles(FastMixerProcess.FolderOf(Setup, name)).Select(File.ReadAllText),
            text => text.Contains($"127.0.0.1:{port}\"", StringComparison.Ordinal));
}
