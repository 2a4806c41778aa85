using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Tests;

/// <summary>The sample of the mesh's standard telemetry is a configuration without a complaint, of the size that it says.</summary>
public sealed class TelemetrySampleTests
{
    [Fact]
    public void Sample_LoadsWithoutAProblem()
    {
        var problems = new List<Problem>();
        string folder = Path.Combine(AppContext.BaseDirectory, "telemetry");
        LoadResult loaded = ConfigLoader.Load(ConfigDirectory.Read(folder, problems), BuiltInAdapters.Registry.Catalog);

        Assert.Empty(problems.Concat(loaded.Problems));
        Instance[] instances = [.. loaded.Snapshot!.Rules.SelectMany(rule => rule.Actions).Select(action => action.Instance)];
        Assert.Equal(6, instances.Count(instance => instance.Template.Name == "metric"));
        Assert.All(
            instances.Where(instance => instance.Template.Name == "metric"),
            metric => Assert.Equal(20, metric.Fields.Count(field => field.Path == "dimensions")));
        Instance log = Assert.Single(instances, instance => instance.Template.Name == "logentry");
        Assert.InRange(log.Fields.Count(field => field.Path == "variables"), 40, 50);
    }
}
