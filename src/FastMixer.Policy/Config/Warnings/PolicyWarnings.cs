using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Rules.Index;
using FastMixer.Policy.Templates;

namespace FastMixer.Policy.Config.Warnings;

/// <summary>Notes what a configuration may say, but can hardly mean (spec/config.md, Warnings).</summary>
internal sealed class PolicyWarnings(Compiler compiler, ICollection<Problem> problems)
{
    private readonly Contradictions _contradictions = new(new GuardFinder(compiler));

    /// <summary>Whether checks or quotas evaluate the instances of a template.</summary>
    /// <param name="template">The template.</param>
    public static bool IsOfChecks(Template template) => template.Variety is Variety.Check or Variety.Quota;

    /// <summary>Looks at a rule whose match compiles.</summary>
    /// <param name="match">The match.</param>
    /// <param name="predicate">What it is compiled to.</param>
    /// <param name="isOfChecks">Whether checks or quotas evaluate it.</param>
    public void OfRule(ScalarNode match, Predicate predicate, bool isOfChecks)
    {
        Expression parsed = Parser.Parse(match.Text);
        if (_contradictions.TryFind(parsed, predicate, out int offset, out int against))
        {
            string why = offset == against ? "this is never true" : $"this excludes what {LineAndColumn(match.PlaceOf(against))} asks for";
            Warn(match.PlaceOf(offset), $"The rule can never match: {why}.");
        }

        if (isOfChecks)
        {
            OfCheck(match, parsed);
        }
    }

    /// <summary>Looks at the expressions of an instance.</summary>
    /// <param name="template">Its template.</param>
    /// <param name="parameters">Its fields, as they were written.</param>
    public void OfInstance(Template template, ConfigNode parameters)
    {
        if (IsOfChecks(template))
        {
            OfChecks(Scalars(parameters));
        }
    }

    /// <summary>Looks at the values of a rule's header operations, which stand in the answer of a check.</summary>
    /// <param name="rule">The rule, as it was written.</param>
    public void OfHeaderOperations(ConfigNode rule)
    {
        // What is wrong with the fields themselves is told where they are read.
        var reader = new ParameterReader(rule, []);
        OfChecks(reader.ObjectList("request_header_operations").Concat(reader.ObjectList("response_header_operations")).SelectMany(operation => operation.TextList("values")));
    }

    /// <summary>Looks for instances that no rule uses. Where there are errors they are not told of: a rule that is wrong may have meant them.</summary>
    /// <param name="resources">All resources.</param>
    /// <param name="instances">The instances by full name.</param>
    /// <param name="rules">The rules.</param>
    public void OfUnusedInstances(IEnumerable<Resource> resources, IReadOnlyDictionary<string, Instance> instances, IEnumerable<Rule> rules)
    {
        if (problems.Any(problem => problem.Severity == Severity.Error))
        {
            return;
        }

        HashSet<Instance> used = [.. rules.SelectMany(rule => rule.Actions).Select(action => action.Instance)];
        foreach (Resource resource in resources)
        {
            if (instances.TryGetValue(resource.Name.ToString(), out Instance? instance) && !used.Contains(instance))
            {
                Warn(resource.Place, $"No rule uses the instance \"{resource.Name}\".");
            }
        }
    }

    private void OfChecks(IEnumerable<ScalarNode> expressions)
    {
        foreach (ScalarNode scalar in expressions)
        {
            if (TryParse(scalar.Text) is { } parsed)
            {
                OfCheck(scalar, parsed);
            }
        }
    }

    private void OfCheck(ScalarNode scalar, Expression parsed)
    {
        foreach ((int offset, string message) in CheckTimeAttributes.Find(parsed))
        {
            Warn(scalar.PlaceOf(offset), message);
        }
    }

    private static IEnumerable<ScalarNode> Scalars(ConfigNode node) => node switch
    {
        ScalarNode scalar => [scalar],
        MappingNode mapping => mapping.Fields.SelectMany(field => Scalars(field.Value)),
        _ => [],
    };

    // Null if it is no expression, which has been told.
    private static Expression? TryParse(string text)
    {
        try
        {
            return Parser.Parse(text);
        }
        catch (LanguageException)
        {
            return null;
        }
    }

    private static string LineAndColumn(Place place) => $"line {place.Line}, column {place.Column}";

    private void Warn(Place place, string message) => problems.Add(new Problem(Severity.Warning, place, message));
}
