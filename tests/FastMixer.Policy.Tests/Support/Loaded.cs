using FastMixer.Policy.Config;

namespace FastMixer.Policy.Tests.Support;

/// <summary>Loads a configuration that stands beside a sound one, and tells the problems as an operator reads them.</summary>
internal static class Loaded
{
    /// <summary>What there is for the configuration under test to refer to; without a problem of its own.</summary>
    public const string Base = """
        kind: handler
        metadata: {name: sink}
        spec: {compiledAdapter: sink}
        ---
        kind: instance
        metadata: {name: nothing}
        spec: {compiledTemplate: checknothing}
        ---
        kind: instance
        metadata: {name: amount}
        spec: {compiledTemplate: metric, params: {value: request.size}}
        ---
        kind: rule
        metadata: {name: base}
        spec: {actions: [{handler: sink, instances: [nothing, amount]}]}
        """;

    private enum Colour
    {
        DeepRed,
        Green,
    }

    /// <summary>Adapters: one that takes what it gets, one that has a parameter of each kind, one that asks a backend.</summary>
    public static AdapterCatalog Adapters { get; } = new(
    [
        new AdapterDescriptor("sink", ["checknothing", "listentry", "quota", "metric"], _ => new object()) { Aliases = ["drain"] },
        new AdapterDescriptor("picky", ["checknothing"], ReadPicky),
        new AdapterDescriptor("remote", ["checknothing"], _ => new object()) { HasBackend = true },
    ]);

    public static LoadResult Load(string text, string name = "p.yaml") =>
        ConfigLoader.Load([new ConfigSource("base.yaml", Base), new ConfigSource(name, text)], Adapters);

    /// <summary>The problems, a line each.</summary>
    public static string Problems(string text, string name = "p.yaml") => string.Join('\n', Load(text, name).Problems);

    /// <summary>A rule with a match, written into line 3 as it stands.</summary>
    public static string Rule(string match) => $$"""
        kind: rule
        metadata: {name: tested}
        spec: {match: {{match}}, actions: [{handler: sink, instances: [nothing]}]}
        """;

    private static ParameterReader ReadPicky(ParameterReader reader)
    {
        reader.RequiredText("address");
        reader.Duration("timeout", TimeSpan.Zero);
        reader.Int32("count", 0, 1, 10);
        reader.Double("ratio", 0, 0, 1);
        reader.Bool("eager", false);
        reader.Choice("colour", Colour.Green);
        reader.TextList("names");
        reader.Map("labels");
        reader.Object("inner")?.End();
        return reader;
    }
}
