using CsCheck;
using FastMixer.Adapters.Rbac;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.Rbac;

/// <summary>Compiled roles against an evaluation that walks them as they are written, as the original did, over random ones of few words.</summary>
public sealed class RbacModelTests
{
    private static readonly Gen<string> Word = Gen.OneOf("a", "ab", "abc", "b", "ba", "cab");
    private static readonly Gen<string> Pattern = Gen.OneOf(Word, Word.Select(word => word + "*"), Word.Select(word => "*" + word), Gen.Const("*"));
    private static readonly Gen<string[]> Patterns = Pattern.Array[1, 3];
    private static readonly Gen<Constraint> Condition = Gen.Select(Gen.OneOf("p", "q", "missing"), Patterns, (key, values) => new Constraint(key, values));

    private static readonly Gen<AccessRule> Rule = Gen.Select(
        Patterns, Pattern.Array[0, 2], Patterns, Condition.Array[0, 2], (services, paths, methods, constraints) => new AccessRule(services, paths, methods, constraints));

    private static readonly Gen<Subject> Who = Gen.Select(
        Pattern, Pattern, Condition.Array[1, 2], Gen.Int[1, 7], (user, group, properties, parts) => new Subject(
            (parts & 1) != 0 ? user : null, (parts & 2) != 0 ? group : null, (parts & 4) != 0 ? properties : []));

    private static readonly Gen<RbacSettings> Settings = Gen.Select(
        Rule.Array[1, 3].Array[2, 4], Gen.Select(Gen.Int[0, 3], Who.Array[1, 3]).Array[0, 6], (rules, bindings) =>
        {
            ServiceRole[] roles = [.. rules.Select((some, index) => new ServiceRole($"role{index}", index % 2 == 0 ? "a" : "b", some))];
            return new RbacSettings(
                roles,
                [.. bindings.Select(binding => (Role: roles[binding.Item1 % roles.Length], binding.Item2)).Select(one => new ServiceRoleBinding(one.Role.Namespace, one.Role.Name, one.Item2))],
                TimeSpan.Zero,
                0);
        });

    [Fact]
    public async Task CompiledRoles_AllowWhatTheyAllowAsWritten()
    {
        var probe = new ProbeAdapter();
        await using TestEngine engine = TestEngine.Start(Policy, probe);
        await Gen.Select(Settings, Word.Array[8].Array[1, 30]).SampleAsync(
            async (settings, requests) =>
            {
                await using var handler = new RbacHandler(settings);
                foreach (string[] request in requests)
                {
                    probe.Handler = handler;
                    Answer answer = await engine.CheckAsync(attributes => attributes.Set(
                        "request.headers", [.. Names.Select((name, index) => KeyValuePair.Create(name, request[index]))]));
                    if (answer.Status == StatusCode.Ok != Allows(settings, request) || answer.Failure is not null)
                    {
                        return false;
                    }
                }

                return true;
            },
            threads: 1);
    }

    private static readonly string[] Names = ["user", "group", "namespace", "service", "method", "path", "p", "q"];

    private const string Policy = """
        kind: probe
        metadata: {name: roles}
        spec:
        ---
        kind: instance
        metadata: {name: request}
        spec:
          compiledTemplate: authorization
          params:
            subject: {user: 'request.headers["user"]', groups: 'request.headers["group"]', properties: {p: 'request.headers["p"]', q: 'request.headers["q"]'}}
            action:
              namespace: request.headers["namespace"]
              service: request.headers["service"]
              method: request.headers["method"]
              path: request.headers["path"]
              properties: {p: 'request.headers["p"]', q: 'request.headers["q"]'}
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: roles.probe, instances: [request]}]}
        """;

    private static bool Allows(RbacSettings settings, string[] request)
    {
        var fields = Names.Zip(request).ToDictionary(one => one.First, one => one.Second);
        return settings.Roles.Any(role => role.Namespace == fields["namespace"]
            && role.Rules.Any(rule => Matches(rule.Services, fields["service"])
                && (rule.Paths.Count == 0 || Matches(rule.Paths, fields["path"]))
                && Matches(rule.Methods, fields["method"])
                && rule.Constraints.All(Holds))
            && settings.Bindings.Where(binding => (binding.Namespace, binding.Role) == (role.Namespace, role.Name)).SelectMany(binding => binding.Subjects).Any(
                subject => (subject.User is null || Matches([subject.User], fields["user"]))
                    && (subject.Group is null || Matches([subject.Group], fields["group"]))
                    && subject.Properties.All(Holds)));

        bool Holds(Constraint constraint) => fields.TryGetValue(constraint.Key, out string? value) && Matches(constraint.Values, value);
    }

    private static bool Matches(IEnumerable<string> patterns, string text) => patterns.Any(pattern =>
        pattern.StartsWith('*') ? text.EndsWith(pattern[1..], StringComparison.Ordinal)
        : pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : text == pattern);
}
