namespace FastMixer.Adapters.Rbac;

/// <summary>An <c>rbac</c> handler's parameters.</summary>
/// <param name="Roles">What may be done.</param>
/// <param name="Bindings">Who may do it.</param>
/// <param name="CacheDuration">How long an answer may be reused.</param>
/// <param name="CacheUseCount">How often an answer may be reused.</param>
internal sealed record RbacSettings(IReadOnlyList<ServiceRole> Roles, IReadOnlyList<ServiceRoleBinding> Bindings, TimeSpan CacheDuration, int CacheUseCount);

/// <summary>A role: what may be done in a namespace.</summary>
/// <param name="Name">Its name in the namespace.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Rules">Each of them is enough.</param>
internal sealed record ServiceRole(string Name, string Namespace, IReadOnlyList<AccessRule> Rules);

/// <summary>A rule of a role. Its texts are patterns (<see cref="Patterns"/>).</summary>
/// <param name="Services">The services, one of which it must be.</param>
/// <param name="Paths">The paths; empty for every one.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Constraints">What properties of the action must be, all of them.</param>
internal sealed record AccessRule(
    IReadOnlyList<string> Services, IReadOnlyList<string> Paths, IReadOnlyList<string> Methods, IReadOnlyList<Constraint> Constraints);

/// <summary>What a property must be.</summary>
/// <param name="Key">The property.</param>
/// <param name="Values">Patterns, one of which it must match; a property that is not there matches none.</param>
internal sealed record Constraint(string Key, IReadOnlyList<string> Values);

/// <summary>Gives a role to subjects.</summary>
/// <param name="Namespace">The role's namespace.</param>
/// <param name="Role">The role's name.</param>
/// <param name="Subjects">Each of them has the role.</param>
internal sealed record ServiceRoleBinding(string Namespace, string Role, IReadOnlyList<Subject> Subjects);

/// <summary>Who has a role: all that is not null must match.</summary>
/// <param name="User">A pattern for the user, or null.</param>
/// <param name="Group">A pattern for the groups, or null.</param>
/// <param name="Properties">What properties of the subject must be.</param>
internal sealed record Subject(string? User, string? Group, IReadOnlyList<Constraint> Properties);
