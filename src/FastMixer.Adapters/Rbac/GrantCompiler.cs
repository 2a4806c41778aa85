namespace FastMixer.Adapters.Rbac;

/// <summary>Compiles the rules of roles, and who has them.</summary>
internal static class GrantCompiler
{
    /// <summary>Compiles a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="holders">Who has its role.</param>
    /// <param name="properties">Numbers the properties that it asks for.</param>
    public static Grant Compile(AccessRule rule, Holders holders, PropertyNames properties) => new(
        new Patterns(rule.Services),
        rule.Paths.Count > 0 ? new Patterns(rule.Paths) : null,
        new Patterns(rule.Methods),
        Compile(rule.Constraints, BoundInstance.ActionProperties, properties),
        holders);

    /// <summary>Compiles who has a role.</summary>
    /// <param name="bindings">The role's bindings.</param>
    /// <param name="properties">Numbers the properties that they ask for.</param>
    public static Holders CompileHolders(IEnumerable<ServiceRoleBinding> bindings, PropertyNames properties)
    {
        ILookup<Kind, Subject> subjects = bindings.SelectMany(binding => binding.Subjects).ToLookup(KindOf);
        return new Holders(
            new Patterns([.. subjects[Kind.User].Select(subject => subject.User!)]),
            new Patterns([.. subjects[Kind.Group].Select(subject => subject.Group!)]),
            [.. subjects[Kind.Other].Select(subject => Compile(subject, properties))]);
    }

    private static Kind KindOf(Subject subject) => subject switch
    {
        { User: not null, Group: null, Properties.Count: 0 } => Kind.User,
        { User: null, Group: not null, Properties.Count: 0 } => Kind.Group,
        _ => Kind.Other,
    };

    private static Holders.Subject Compile(Subject subject, PropertyNames properties) => new(
        subject.User is null ? null : new Patterns([subject.User]),
        subject.Group is null ? null : new Patterns([subject.Group]),
        Compile(subject.Properties, BoundInstance.SubjectProperties, properties));

    private static PropertyTest[] Compile(IReadOnlyList<Constraint> constraints, string map, PropertyNames properties) =>
        [.. constraints.Select(one => new PropertyTest(properties.NumberOf(map, one.Key), new Patterns(one.Values)))];

    private enum Kind
    {
        User,
        Group,
        Other,
    }
}
