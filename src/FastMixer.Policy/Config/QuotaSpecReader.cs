using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Rules.Index;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>
/// Reads QuotaSpec and QuotaSpecBinding into rules that charge: a rule of a spec, for the services that a binding binds it to, becomes a match
/// expression like any other, so that the rule index finds it too.
/// </summary>
internal sealed class QuotaSpecReader(Compiler compiler, MatchCompiler matches, ICollection<Problem> problems)
{
    private const string DefaultDomain = "svc.cluster.local";

    private static readonly string[] Forms = ["exact", "prefix", "regex"];
    private static readonly Expression Always = new Literal(0, AttributeType.Bool, "true", 1);
    private static readonly Expression ServiceHost = new Call(
        0, "|", null, [new AttributeName(0, "destination.service.host"), new Literal(0, AttributeType.String, "", 0)]);

    private readonly Dictionary<string, IReadOnlyList<SpecRule>> _specs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _bound = new(StringComparer.Ordinal);

    /// <summary>The rules that charge, in the order of the bindings.</summary>
    /// <param name="resources">All resources.</param>
    /// <param name="instances">The instances, to tell quotas that nothing limits.</param>
    /// <param name="rootNamespace">The namespace that the rules get, so that they are for all requests.</param>
    public IReadOnlyList<Rule> Read(IReadOnlyList<Resource> resources, IEnumerable<Instance> instances, string rootNamespace)
    {
        HashSet<string> known = [.. instances.Where(instance => instance.Template.Name == "quota").Select(instance => instance.Name.ToUpperInvariant())];
        foreach (Resource spec in resources.Where(resource => resource.Name.Kind == "QuotaSpec"))
        {
            _specs.Add(spec.Name.ToString(), ReadSpec(spec, known));
        }

        List<Rule> rules = [.. resources.Where(resource => resource.Name.Kind == "QuotaSpecBinding").SelectMany(binding => ReadBinding(binding, rootNamespace))];
        foreach (Resource spec in resources.Where(resource => resource.Name.Kind == "QuotaSpec" && !_bound.Contains(resource.Name.ToString())))
        {
            problems.Add(new Problem(Severity.Warning, spec.Place, $"No QuotaSpecBinding binds \"{spec.Name}\", so that it charges nothing."));
        }

        return rules;
    }

    private List<SpecRule> ReadSpec(Resource resource, HashSet<string> known)
    {
        var reader = new ParameterReader(resource.Spec, problems);
        List<SpecRule> rules = [.. reader.ObjectList("rules").Select(rule => ReadSpecRule(rule, known))];
        reader.End();
        if (reader.IsMapping && reader.Field("rules") is null or { Value: SequenceNode { Items.Count: 0 } })
        {
            reader.Fail(resource.Place, "The QuotaSpec has no rules: it needs at least one, with the quotas that it charges.");
        }

        return rules;
    }

    private SpecRule ReadSpecRule(ParameterReader reader, HashSet<string> known)
    {
        Expression[] alternatives = [.. reader.ObjectList("match").Select(ReadMatch)];
        QuotaCharge[] charges = [.. reader.ObjectList("quotas").Select(quota => ReadCharge(quota, known)).OfType<QuotaCharge>()];
        if (reader.IsMapping && reader.Field("quotas") is null or { Value: SequenceNode { Items.Count: 0 } })
        {
            reader.Fail(reader.Place, "The rule has no quotas: it needs at least one, with a name and a charge.");
        }

        reader.End();
        return new SpecRule(alternatives.Length == 0 ? Always : Chain("||", alternatives), charges);
    }

    private QuotaCharge? ReadCharge(ParameterReader reader, HashSet<string> known)
    {
        ScalarNode? name = reader.RequiredText("quota");
        long amount = reader.Int64("charge", 1, 1, long.MaxValue);
        reader.End();
        if (name is not null && !known.Contains(name.Text.ToUpperInvariant()))
        {
            problems.Add(new Problem(
                Severity.Warning, name.Place, $"No instance of the template quota is named {name.Describe()}, so that nothing limits it.{Suggestion.For(name.Text, known)}"));
        }

        return name is null ? null : new QuotaCharge(name.Text, amount);
    }

    // All clauses of a match must hold.
    private Expression ReadMatch(ParameterReader reader)
    {
        Expression[] clauses = [.. reader.Map("clause").SelectMany(ReadClause)];
        reader.End();
        return clauses.Length == 0 ? Always : Chain("&&", clauses);
    }

    private Expression[] ReadClause(ConfigField field)
    {
        var reader = new ParameterReader(field.Value, problems);
        string[] given = [.. Forms.Where(form => reader.Field(form) is not null)];
        ScalarNode? wanted = given.Length == 1 ? reader.RequiredText(given[0]) : null;
        reader.End();
        if (reader.IsMapping && given.Length != 1)
        {
            reader.Fail(field.Place, $"The clause of \"{field.Name}\" needs one of exact, prefix, regex; found {(given.Length == 0 ? "none" : string.Join(", ", given))}.");
        }

        if (wanted is null || !IsText(field))
        {
            return [];
        }

        var attribute = new AttributeName(0, field.Name);
        Expression clause = given[0] switch
        {
            "exact" => new Call(0, "==", null, [attribute, Text(wanted.Text)]),
            "prefix" => new Call(0, "startsWith", attribute, [Text(wanted.Text)]),
            _ => new Call(0, "matches", Text($@"^(?:{wanted.Text})\z"), [attribute]),
        };

        // What is written must be whole by itself: a bracket too many would end the group around it.
        bool isWhole = given[0] != "regex" || Compiles(new Call(0, "matches", Text(wanted.Text), [attribute]), wanted.Place);

        // An absent attribute does not match, where it would be an error in a rule.
        return isWhole && Compiles(clause, wanted.Place) ? [new Call(0, "has", null, [attribute]), clause] : [];
    }

    private bool IsText(ConfigField field)
    {
        if (!compiler.TryFindType(field.Name, out AttributeType type))
        {
            problems.Add(new Problem(Severity.Error, field.Place, compiler.UnknownAttribute(field.Name)));
            return false;
        }

        if (type != AttributeType.String)
        {
            problems.Add(new Problem(Severity.Error, field.Place, $"A clause compares a STRING; \"{field.Name}\" is {type.Name()}."));
        }

        return type == AttributeType.String;
    }

    private bool Compiles(Expression expression, Place place)
    {
        try
        {
            compiler.Compile(expression);
            return true;
        }
        catch (LanguageException exception)
        {
            problems.Add(new Problem(Severity.Error, place, exception.Problem.Message));
            return false;
        }
    }

    private Rule[] ReadBinding(Resource resource, string rootNamespace)
    {
        var reader = new ParameterReader(resource.Spec, problems);
        Expression[] services = [.. reader.ObjectList("services").SelectMany(service => ReadService(service, resource.Name.Namespace))];
        SpecRule[] rules = [.. reader.ObjectList("quota_specs").SelectMany(spec => ReadReference(spec, resource.Name.Namespace))];
        reader.End();
        foreach ((string field, string name) in (ReadOnlySpan<(string, string)>)[("services", "services"), ("quota_specs", "quotaSpecs")])
        {
            if (reader.IsMapping && reader.Field(field) is null or { Value: SequenceNode { Items.Count: 0 } })
            {
                reader.Fail(resource.Place, $"The QuotaSpecBinding has no \"{name}\": it needs at least one.");
            }
        }

        return services.Length == 0 ? [] : [.. rules.Select((rule, index) => ToRule($"{resource.Name}#{index + 1}", services, rule, rootNamespace))];
    }

    private IReadOnlyList<SpecRule> ReadReference(ParameterReader reader, string otherwise)
    {
        ScalarNode? name = reader.RequiredText("name");
        string scope = reader.Text("namespace", otherwise);
        reader.End();
        if (name is null)
        {
            return [];
        }

        string wanted = new ResourceName(name.Text, "QuotaSpec", scope).ToString();
        if (!_specs.TryGetValue(wanted, out IReadOnlyList<SpecRule>? rules))
        {
            reader.Fail(name.Place, $"There is no QuotaSpec \"{wanted}\".{Suggestion.For(wanted, _specs.Keys)}");
            return [];
        }

        _bound.Add(wanted);
        return rules;
    }

    // A service is known by its host, or by the host that its name, namespace and domain make; "*" is every one.
    private static Expression[] ReadService(ParameterReader reader, string otherwise)
    {
        string host = reader.Text("service");
        ScalarNode? name = host.Length > 0 ? reader.Scalar("name", "text") : reader.RequiredText("name");
        string scope = reader.Text("namespace", otherwise);
        string domain = reader.Text("domain", DefaultDomain);
        reader.End();
        if (host == "*")
        {
            return [Always];
        }

        string? wanted = host.Length > 0 ? host : name is null ? null : $"{name.Text}.{scope}.{domain}";
        return wanted is null ? [] : [new Call(0, "==", null, [ServiceHost, Text(wanted)])];
    }

    private Rule ToRule(string name, Expression[] services, SpecRule rule, string rootNamespace)
    {
        Expression[] parts = [.. services.Contains(Always) ? [] : (Expression[])[Chain("||", services)], .. rule.Match == Always ? [] : (Expression[])[rule.Match]];
        Predicate? match = parts.Length == 0 ? null : matches.Compile(Chain("&&", parts));
        return new Rule(name, rootNamespace, match, []) { Charges = rule.Charges };
    }

    private static Literal Text(string text) => new(0, AttributeType.String, text, 0);

    private static Expression Chain(string sign, Expression[] parts) =>
        sign == "||" && parts.Contains(Always) ? Always : parts.Length == 1 ? parts[0] : new Call(0, sign, null, parts);

    private sealed record SpecRule(Expression Match, IReadOnlyList<QuotaCharge> Charges);
}
