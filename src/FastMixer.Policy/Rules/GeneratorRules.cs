using System.Collections.Frozen;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Templates;

namespace FastMixer.Policy.Rules;

/// <summary>The rules that add attributes to requests, and where those attributes are. Immutable.</summary>
public sealed class GeneratorRules
{
    private readonly FrozenDictionary<string, int[]> _outputSlots;

    internal GeneratorRules(ConfigOptions options, IReadOnlyList<Rule> rules, ReferenceTable references)
    {
        List<Rule> relevant = [.. rules.Where(rule => rule.IsFor(Variety.AttributeGenerator))];
        Any = relevant.Count > 0;
        Scope = new RuleScope(options.RootNamespace, relevant, references);
        List<Instance> instances = [.. relevant.SelectMany(rule => rule.Actions).Select(action => action.Instance).Distinct()];
        Targets = [.. instances.SelectMany(instance => instance.Bindings).Select(binding => binding.Slot).Distinct()];
        foreach (int target in Targets)
        {
            // What is generated was absent in the request, and that is what a verdict depends on.
            references.Add(target);
        }

        _outputSlots = instances.Select(instance => instance.Template).Distinct().ToFrozenDictionary(
            template => template.Name, template => template.Outputs.Select(output => OutputNames.SlotOf(references.Vocabulary, output)).ToArray());
        HashSet<int> outputs = [.. _outputSlots.Values.SelectMany(slots => slots)];
        References = new GeneratedReferences(references, Targets, outputs);
    }

    /// <summary>Whether there are such rules.</summary>
    public bool Any { get; }

    /// <summary>The rules.</summary>
    public RuleScope Scope { get; }

    /// <summary>The slots of the attributes that may be added.</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>What becomes of look-ups of attributes that were added.</summary>
    public GeneratedReferences References { get; }

    /// <summary>The slots of a template's outputs, in the order of the template.</summary>
    /// <param name="template">A template of which there is an instance.</param>
    public ReadOnlySpan<int> OutputSlots(Template template) => _outputSlots[template.Name];
}
