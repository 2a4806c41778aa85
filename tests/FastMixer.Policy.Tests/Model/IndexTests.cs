using CsCheck;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

/// <summary>The rule index and evaluating every match agree: on the rules that match, on their order, on every look-up, on the errors.</summary>
public sealed class IndexTests
{
    private static readonly AdapterCatalog Adapters = new([new AdapterDescriptor("sink", ["checknothing"], _ => new object())]);

    // Comparisons that the index knows, of few subjects with few values, so that rules meet in it.
    private static readonly Gen<string> SomeGuard =
        from subject in Gen.OneOf("source.name", "source.uid", "request.headers[\"a\"]", "(source.user | \"a\")", "(request.headers[\"b\"] | \"Ab\")", "toLower(source.name)")
        from values in Gen.OneOf("\"a\"", "\"b\"", "\"Ab\"", "\"\"", "\"é\"").Array[1, 3]
        from form in Gen.Int[0, 6]
        select form switch
        {
            0 => $"{subject} == {values[0]}",
            1 => $"{values[0]} == {subject}",
            2 => $"{subject} in [{string.Join(", ", values)}]",
            3 => $"{subject}.startsWith({values[0]})",
            4 => $"match({subject}, {values[0].Insert(values[0].Length - 1, "*")})",
            5 => string.Join(" || ", values.Select(value => $"{subject} == {value}")),
            _ => string.Join(" || ", values.Select(value => $"{subject}.startsWith({value})")),
        };

    private static readonly Gen<string> SomeNumberGuard =
        from name in Gen.OneOf("request.size", "response.code")
        from number in Gen.OneOf(0L, 1L, -1L, 2L)
        select $"{name} == {number}";

    // The other types whose values the index compares; two of the addresses are one host.
    private static readonly Gen<string> SomeTypedGuard =
        from guard in Gen.OneOf(
            ("source.ip", Functions.Addresses.Select(address => $"ip(\"{address}\")").ToArray()),
            ("destination.ip", Functions.Addresses.Select(address => $"ip(\"{address}\")").ToArray()),
            ("response.duration", ["\"0s\"", "\"1s\"", "\"-1s\"", "\"2s\""]),
            ("request.time", ["timestamp(\"1970-01-01T00:00:00Z\")", "timestamp(\"1970-01-01T00:00:01Z\")", "timestamp(\"1970-01-01T00:00:02Z\")"]))
        from values in Gen.OneOf(guard.Item2).Array[1, 3]
        from form in Gen.Int[0, 2]
        select form switch
        {
            0 => $"{guard.Item1} == {values[0]}",
            1 => $"{guard.Item1} in [{string.Join(", ", values)}]",
            _ => string.Join(" || ", values.Select(value => $"{value} == {guard.Item1}")),
        };

    private static readonly Gen<string> SomeConjunct = Gen.Frequency(
        (6, SomeGuard.Select(guard => $"({guard})")),
        (2, SomeNumberGuard),
        (2, SomeTypedGuard.Select(guard => $"({guard})")),
        (1, Generators.OfBool(2).Select(expression => $"({expression.Text})")));

    private static readonly Gen<string> SomeMatch =
        SomeConjunct.Array[0, 4].Select(parts => parts.Length == 0 ? "true" : string.Join(" && ", parts));

    private static readonly Gen<(string Match, string OnError, string Namespace)> SomeRule =
        Gen.Select(
            SomeMatch,
            Gen.OneOf("", "", "onError: deny", "onError: allow", "onError: ignore-rule"),
            Gen.OneOf("istio-system", "istio-system", "shop", "bank"));

    [Fact]
    public void Index_OfAnyRules_AgreesWithEvaluatingEveryMatch()
    {
        Gen.Select(SomeRule.Array[0, 60], Generators.Worlds.Array[4]).Sample(
            (rules, worlds) =>
            {
                Snapshot? snapshot = Load(rules);
                return snapshot is null || worlds.All(world => Agree(snapshot, world.ToAttributes().ToBag()));
            },
            iter: 3_000,
            print: sample => string.Join('\n', sample.Item1.Select(rule => $"{rule.Match} {rule.OnError} {rule.Namespace}"))
                + "\n" + string.Join('\n', sample.Item2.Select(world => string.Join(", ", world.Values))));
    }

    [Fact]
    public void Match_ThatIsSaidNeverToMatch_NeverMatches()
    {
        int said = 0;
        Gen.Select(SomeMatch, Gen.OneOf("", "!"), SomeConjunct, Generators.Worlds.Array[8]).Sample(
            (match, negation, last, worlds) =>
            {
                LoadResult loaded = LoadAll([($"{match} && {negation}{last}", "", "istio-system")]);
                if (!loaded.IsValid || !loaded.Problems.Any(problem => problem.Message.StartsWith("The rule can never match", StringComparison.Ordinal)))
                {
                    return true;
                }

                Interlocked.Increment(ref said);
                return worlds.All(world => !Matches(loaded.Snapshot!, world.ToAttributes().ToBag()));
            },
            iter: 4_000);
        Assert.True(said > 50, $"{said} matches were said never to match.");
    }

    private static bool Matches(Snapshot snapshot, AttributeBag bag)
    {
        using var context = new EvaluationContext();
        context.Reset(bag, snapshot.References);
        return snapshot.Checks.Find(context).Rules.Any(rule => rule.Match is null || (rule.Match.TryEvaluate(context, out bool matches) && matches));
    }

    // Null if a constant that cannot be evaluated made one of the generated matches an error of the configuration.
    private static Snapshot? Load((string Match, string OnError, string Namespace)[] rules) => LoadAll(rules).Snapshot;

    private static LoadResult LoadAll((string Match, string OnError, string Namespace)[] rules)
    {
        string text = World.Manifest + """
            ---
            kind: handler
            metadata: {name: sink}
            spec: {compiledAdapter: sink}
            ---
            kind: instance
            metadata: {name: nothing}
            spec: {compiledTemplate: checknothing}

            """ + string.Concat(rules.Select((rule, i) => $$"""
            ---
            kind: rule
            metadata: {name: rule{{i}}, namespace: {{rule.Namespace}}}
            spec:
              match: '{{rule.Match.Replace("'", "''", StringComparison.Ordinal)}}'
              {{rule.OnError}}
              actions: [{handler: sink.handler.istio-system, instances: [nothing.instance.istio-system]}]

            """));
        return ConfigLoader.Load([new ConfigSource("rules.yaml", text)], Adapters);
    }

    private static bool Agree(Snapshot snapshot, AttributeBag bag)
    {
        using var indexed = new EvaluationContext();
        indexed.Reset(bag, snapshot.References);
        var candidates = new RuleCandidates();
        long sharedBefore = SharedErrors(snapshot);
        RuleSet rules = snapshot.Checks.Find(indexed);
        rules.Find(indexed, candidates);
        List<string> found = [.. Enumerable.Range(0, candidates.Count).Select(i => Outcome(candidates[i].Rule, candidates[i].Rest, indexed)).OfType<string>()];

        using var plain = new EvaluationContext();
        plain.Reset(bag, snapshot.References);
        List<string> expected = [.. snapshot.Checks.Find(plain).Rules.Select(rule => Outcome(rule, rule.Match, plain)).OfType<string>()];

        // An error that makes no difference is counted for all rules that share the look-up.
        long shared = SharedErrors(snapshot) - sharedBefore;
        long errors = expected.Count(IsError) - found.Count(IsError);
        string[] certain = [.. expected.Where(outcome => !IsError(outcome) || HasEffect(outcome))];
        return certain.SequenceEqual(found.Where(outcome => !IsError(outcome) || HasEffect(outcome)))
            && shared == errors
            && Evaluated.Lookups(indexed.References).SequenceEqual(Evaluated.Lookups(plain.References));
    }

    private static string? Outcome(Rule rule, Predicate? match, EvaluationContext context)
    {
        if (match is null)
        {
            return rule.Name;
        }

        bool evaluated = match.TryEvaluate(context, out bool matches);
        context.ReleaseScratch();
        return evaluated ? (matches ? rule.Name : null) : $"{rule.Name} {rule.OnError}: {context.Error}";
    }

    private static bool IsError(string outcome) => outcome.Contains(':', StringComparison.Ordinal);

    private static bool HasEffect(string outcome) =>
        outcome.Contains($" {ErrorPolicy.Deny}:", StringComparison.Ordinal) || outcome.Contains($" {ErrorPolicy.Allow}:", StringComparison.Ordinal);

    private static long SharedErrors(Snapshot snapshot) => snapshot.CountSharedMatchErrors().Values.Sum();
}
