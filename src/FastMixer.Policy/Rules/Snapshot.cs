using System.Diagnostics.CodeAnalysis;
using System.Text;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules.Index;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Rules;

/// <summary>A handler of a snapshot, valid but not yet at work.</summary>
/// <param name="FullName"><c>name.kind.namespace</c>.</param>
/// <param name="DisplayName">What verdicts call it: <c>name.namespace</c> for the kind <c>handler</c>, the full name for a legacy kind.</param>
/// <param name="Adapter">Its adapter.</param>
/// <param name="Parameters">What the adapter's descriptor made of its parameters.</param>
public sealed record HandlerDefinition(string FullName, string DisplayName, AdapterDescriptor Adapter, object Parameters)
{
    /// <summary>The display name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8DisplayName { get; } = Encoding.UTF8.GetBytes(DisplayName);

    /// <summary>
    /// Stands for its adapter, its parameters, its resilience and the instances that rules send to it. A handler at work whose fingerprint is the same in the
    /// next configuration would be built the same: it may be kept, and what was cached of it too.
    /// </summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What it means for a check or a quota that it fails; unspecified leaves that to the rule.</summary>
    public ErrorPolicy OnError { get; init; }

    /// <summary>How its backend is dealt with, if it has one.</summary>
    public Resilience Resilience { get; init; } = new();
}

/// <summary>What a rule that matches does: it sends instances to a handler.</summary>
/// <param name="Handler">The handler's index in <see cref="Snapshot.Handlers"/>.</param>
/// <param name="Instance">The instance.</param>
public sealed record RuleAction(int Handler, Instance Instance);

/// <summary>A rule. Immutable.</summary>
/// <param name="Name"><c>name.rule.namespace</c>.</param>
/// <param name="Namespace">The namespace whose requests it is for; the root namespace's rules are for all.</param>
/// <param name="Match">What requests it is for; null for all.</param>
/// <param name="Actions">What it does, of all varieties, in the order of the configuration.</param>
public sealed record Rule(string Name, string Namespace, Predicate? Match, IReadOnlyList<RuleAction> Actions)
{
    /// <summary>What an error of its expressions means for a check or a quota, and one of its handlers that does not say so itself.</summary>
    public ErrorPolicy OnError { get; init; }

    /// <summary>What it does to headers where the request is allowed, to the request's first; empty for most rules.</summary>
    public IReadOnlyList<RuleHeaderOperation> HeaderOperations { get; init; } = [];

    /// <summary>What it charges a check that names no quota itself.</summary>
    public IReadOnlyList<QuotaCharge> Charges { get; init; } = [];

    /// <summary>
    /// Stands for all that a check's verdict depends on in it, its handlers and instances included: where it is the same in the next configuration, what
    /// the rule says of a request is the same too.
    /// </summary>
    public UInt128 Fingerprint { get; init; }

    /// <summary>Its name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>What it means for this rule that a handler fails: what the handler says, or else what the rule says.</summary>
    /// <param name="handler">The handler.</param>
    public ErrorPolicy OnErrorOf(HandlerDefinition handler) => handler.OnError == ErrorPolicy.Unspecified ? OnError : handler.OnError;

    /// <summary>Whether it does something for a variety. Header operations are a check's.</summary>
    /// <param name="variety">The variety.</param>
    public bool IsFor(Variety variety) =>
        Actions.Any(action => action.Instance.Template.Variety == variety) || (variety == Variety.Check && HeaderOperations.Count > 0);

    /// <summary>Whether a match that cannot be evaluated has an effect, so that the rule must be met for it.</summary>
    internal bool AnswersMatchErrors => OnError is ErrorPolicy.Deny or ErrorPolicy.Allow;
}

/// <summary>A whole, validated, compiled configuration. Immutable; two may exist at once.</summary>
public sealed class Snapshot
{
    private readonly RuleScope _checks;
    private readonly RuleScope _reports;
    private readonly QuotaScopes _quotas;

    internal Snapshot(
        ConfigOptions options,
        ReferenceTable references,
        IReadOnlyList<HandlerDefinition> handlers,
        IReadOnlyList<Rule> rules,
        IReadOnlyList<Rule> charges)
    {
        Generation = options.Generation;
        References = references;
        Handlers = handlers;
        Rules = rules;
        _checks = new RuleScope(options.RootNamespace, [.. rules.Where(rule => rule.IsFor(Variety.Check))], references);
        _reports = new RuleScope(options.RootNamespace, [.. rules.Where(rule => rule.IsFor(Variety.Report))], references);
        Charges = new RuleScope(options.RootNamespace, charges, references);
        HasCharges = charges.Count > 0;
        _quotas = new QuotaScopes(options.RootNamespace, rules, references);
        Generators = new GeneratorRules(options, rules, references);
        Selection = new AttributeSelection(
            references.Vocabulary, references.Slots.Where(slot => !OutputNames.IsOutput(references.Vocabulary[slot].Name)));
    }

    /// <summary>Which configuration it is: <see cref="ConfigOptions.Generation"/>.</summary>
    public long Generation { get; }

    /// <summary>
    /// Stands for all that the configuration says, whatever files say it: the same in every process that runs it, another where anything in it differs.
    /// Never 0.
    /// </summary>
    public ulong Digest { get; internal init; }

    /// <summary>The attributes that the configuration knows.</summary>
    public Vocabulary Vocabulary => References.Vocabulary;

    /// <summary>The attributes that any of its expressions reads.</summary>
    public AttributeSelection Selection { get; }

    /// <summary>Its look-ups.</summary>
    public ReferenceTable References { get; }

    /// <summary>Its handlers.</summary>
    public IReadOnlyList<HandlerDefinition> Handlers { get; }

    /// <summary>Its rules in order.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>
    /// The errors of match expressions that were counted for many rules at once, because the look-up that they share failed, by the name of the
    /// rule. They are in no other count.
    /// </summary>
    public IReadOnlyDictionary<string, long> CountSharedMatchErrors() => SumByRule(group => group.Errors);

    /// <summary>The same, counted from 0 again from now on.</summary>
    public IReadOnlyDictionary<string, long> TakeSharedMatchErrors() => SumByRule(group => group.TakeErrors());

    /// <summary>The rules that checks may meet.</summary>
    public RuleScope Checks => _checks;

    /// <summary>The rules that add attributes to requests.</summary>
    public GeneratorRules Generators { get; }

    /// <summary>The rules that charge checks which name no quota themselves.</summary>
    public RuleScope Charges { get; }

    /// <summary>Whether there are such rules.</summary>
    public bool HasCharges { get; }

    /// <summary>The rules that records of reports may meet.</summary>
    public RuleScope Reports => _reports;

    /// <summary>Finds the rules that may limit a quota. No allocation.</summary>
    /// <param name="name">The quota's name as a check gives it, UTF-8: the name of an instance, without regard to the case of ASCII letters.</param>
    /// <param name="scope">The rules.</param>
    /// <returns>False if no rule limits it.</returns>
    public bool TryFindQuota(ReadOnlySpan<byte> name, [NotNullWhen(true)] out QuotaScope? scope) => _quotas.TryFind(name, out scope);

    private Dictionary<string, long> SumByRule(Func<SubjectGroup, long> countErrors)
    {
        var errors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (SubjectGroup group in _quotas.All.Append(_checks).Append(_reports).Append(Charges).Append(Generators.Scope).SelectMany(scope => scope.All).SelectMany(set => set.OwnGroups))
        {
            long count = group.Errors > 0 ? countErrors(group) : 0;
            foreach (Rule rule in count > 0 ? group.PassedOverByErrors : [])
            {
                errors[rule.Name] = errors.GetValueOrDefault(rule.Name) + count;
            }
        }

        return errors;
    }
}
