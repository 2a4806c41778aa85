using FastMixer.Policy.Config;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>The digest stands for what a configuration says, wherever it says it.</summary>
public sealed class DigestTests
{
    private const string Sink = "kind: handler\nmetadata: {name: sink}\nspec: {compiledAdapter: sink}\n";
    private const string Nothing = "kind: instance\nmetadata: {name: nothing}\nspec: {compiledTemplate: checknothing}\n";
    private const string Amount = "kind: instance\nmetadata: {name: amount}\nspec: {compiledTemplate: metric, params: {value: request.size}}\n";
    private const string First = "kind: rule\nmetadata: {name: a}\nspec: {match: request.path == \"/a\", actions: [{handler: sink, instances: [nothing]}]}\n";
    private const string Second = "kind: rule\nmetadata: {name: b}\nspec: {actions: [{handler: sink, instances: [nothing, amount]}]}\n";

    private static readonly ulong Known = Digest(Sink, Nothing, Amount, First, Second);

    [Fact]
    public void SameResources_InOtherFilesAndAnotherOrder_AreTheSame()
    {
        Assert.NotEqual(0ul, Known);
        Assert.Equal(Known, Digest(string.Join("---\n", Sink, Nothing, Amount, First, Second)));
        Assert.Equal(Known, Digest(Amount, First, Nothing, Second, Sink));
        Assert.Equal(Known, Load(new ConfigOptions { Generation = 7 }, Sink, Nothing, Amount, First, Second));
    }

    [Fact]
    public void HowItIsWritten_DoesNotCount()
    {
        Assert.Equal(Known, Digest(Sink, Nothing, Amount, "# A comment.\n" + First, Second.Replace("{name: b}", "{name: b, labels: {app: x}}", StringComparison.Ordinal)));
        Assert.Equal(Known, Digest(Sink.Replace("{name: sink}", "{namespace: istio-system, name: sink}", StringComparison.Ordinal), Nothing, Amount, First, Second));
        Assert.Equal(Known, Digest(Sink, Nothing, Amount.Replace("spec: {", "spec:\n  {", StringComparison.Ordinal), First, Second));
    }

    [Fact]
    public void OrderOfRules_Counts() => Assert.NotEqual(Known, Digest(Sink, Nothing, Amount, Second, First));

    [Theory]
    [InlineData("\"/a\"", "\"/b\"")]
    [InlineData("{name: a}", "{name: c}")]
    [InlineData("value: request.size", "value: response.size")]
    [InlineData("[nothing, amount]", "[amount, nothing]")]
    [InlineData("[nothing, amount]", "[amount]")]
    public void AnyOtherValue_IsAnother(string value, string other)
    {
        string[] changed = [Sink, Nothing, Amount, First, Second];
        int place = Array.FindIndex(changed, text => text.Contains(value, StringComparison.Ordinal));
        changed[place] = changed[place].Replace(value, other, StringComparison.Ordinal);

        Assert.NotEqual(Known, Digest(changed));
    }

    [Fact]
    public void OneResourceMore_IsAnother() => Assert.NotEqual(
        Known, Digest(Sink, Nothing, Amount, First, Second, "kind: attributemanifest\nmetadata: {name: m}\nspec: {attributes: {my.own: {valueType: INT64}}}\n"));

    [Fact]
    public void AnotherRootNamespace_IsAnother() =>
        Assert.NotEqual(Known, Load(new ConfigOptions { RootNamespace = "root" }, Sink, Nothing, Amount, First, Second));

    // It must come out the same in other processes and builds: clients compare what servers tell.
    [Fact]
    public void Digest_IsPinned() => Assert.Equal(5615381095794986281ul, Digest(Sink, Nothing, First));

    private static ulong Digest(params string[] files) => Load(new ConfigOptions(), files);

    private static ulong Load(ConfigOptions options, params string[] files)
    {
        LoadResult loaded = ConfigLoader.Load(files.Select((text, index) => new ConfigSource($"{index}.yaml", text)), Loaded.Adapters, options);
        return loaded.Snapshot?.Digest ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
    }
}
