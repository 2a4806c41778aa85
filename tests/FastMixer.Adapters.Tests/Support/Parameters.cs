using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters.Tests.Support;

/// <summary>Reads a handler's parameters as a configuration does.</summary>
internal static class Parameters
{
    /// <summary>What is wrong with them: <c>line:column: text</c>, lines counted from the first of the parameters.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="parameters">YAML, each line of which belongs to the parameters.</param>
    /// <param name="instance">An instance that is sent to the handler, or empty for none.</param>
    public static IReadOnlyList<string> Problems(Adapter adapter, string parameters, string instance = "")
    {
        string rule = instance.Length == 0 ? "" : $$"""

            ---
            kind: instance
            metadata: {name: entry}
            spec: {{instance}}
            ---
            kind: rule
            metadata: {name: check}
            spec: {actions: [{handler: tested, instances: [entry]}]}
            """;
        string text = $"kind: handler\nmetadata: {{name: tested}}\nspec:\n  compiledAdapter: {adapter.Descriptor.Name}\n  params:\n    "
            + parameters.ReplaceLineEndings("\n    ") + rule;
        LoadResult loaded = ConfigLoader.Load([new ConfigSource("policy.yaml", text)], new AdapterRegistry([adapter]).Catalog);
        return
        [
            .. loaded.Problems
                .Where(problem => problem.Severity == Severity.Error)
                .Select(problem => $"{problem.Place.Line - 5}:{problem.Place.Column - 4}: {problem.Message}"),
        ];
    }
}
