using System.Collections.Frozen;
using System.Text;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Protocol.Words;

namespace FastMixer.Policy.Rules;

/// <summary>
/// Finds the rules of one variety, or for one quota, for a request's namespace: that of the destination when the reporter is inbound, which is the default, and of
/// the source when it is outbound. Where all rules are the root namespace's, the request's namespace is not looked up, and so no verdict
/// depends on it. Immutable.
/// </summary>
public sealed class RuleScope
{
    private readonly RuleSet _root;
    private readonly FrozenDictionary<byte[], RuleSet> _sets;
    private readonly FrozenDictionary<byte[], RuleSet>.AlternateLookup<ReadOnlySpan<byte>> _byNamespace;
    private readonly Lookup _reporterKind;
    private readonly Lookup _destination;
    private readonly Lookup _source;

    /// <summary>A scope.</summary>
    /// <param name="rootNamespace">The namespace whose rules are for all requests.</param>
    /// <param name="relevant">The rules that are to be found, of all namespaces, in order.</param>
    /// <param name="references">Takes the look-ups of the request's namespace.</param>
    internal RuleScope(string rootNamespace, IReadOnlyList<Rule> relevant, ReferenceTable references)
    {
        List<Rule> root = [.. relevant.Where(rule => rule.Namespace == rootNamespace)];
        _root = new RuleSet(root);
        _sets = relevant
            .Where(rule => rule.Namespace != rootNamespace)
            .GroupBy(rule => rule.Namespace, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => Encoding.UTF8.GetBytes(group.Key), group => new RuleSet(_root, [.. group]), Utf8Comparer.Instance);
        _byNamespace = _sets.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (_sets.Count > 0)
        {
            _reporterKind = new Lookup("context.reporter.kind", references);
            _destination = new Lookup("destination.namespace", references);
            _source = new Lookup("source.namespace", references);
        }
    }

    /// <summary>Every set of rules, the root namespace's first.</summary>
    public IEnumerable<RuleSet> All => _sets.Values.Prepend(_root);

    /// <summary>The rules that a request may meet. No allocation.</summary>
    /// <param name="context">The request's.</param>
    public RuleSet Find(EvaluationContext context)
    {
        if (_sets.Count == 0)
        {
            return _root;
        }

        bool isOutbound = _reporterKind.TryRead(context, out ReadOnlySpan<byte> kind) && kind.SequenceEqual("outbound"u8);
        (isOutbound ? _source : _destination).TryRead(context, out ReadOnlySpan<byte> name);
        return _byNamespace.TryGetValue(name, out RuleSet? rules) ? rules : _root;
    }

    private readonly struct Lookup
    {
        private readonly int _slot;
        private readonly int _reference;

        public Lookup(string name, ReferenceTable references)
        {
            references.Vocabulary.TryGetSlot(name, out _slot);
            _reference = references.Add(_slot);
        }

        public bool TryRead(EvaluationContext context, out ReadOnlySpan<byte> value)
        {
            bool found = context.Attributes.TryGetBytes(_slot, out value);
            context.References.Note(_reference, found);
            return found;
        }
    }
}
