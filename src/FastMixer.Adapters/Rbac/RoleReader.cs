using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Compilation;

namespace FastMixer.Adapters.Rbac;

/// <summary>Reads roles and bindings, in the form of the original's <c>ServiceRole</c> and <c>ServiceRoleBinding</c>.</summary>
internal static class RoleReader
{
    private const string RoleKind = "ServiceRole";

    /// <summary>Reads the roles.</summary>
    /// <param name="reader">The handler's parameters.</param>
    public static IReadOnlyList<ServiceRole> ReadRoles(ParameterReader reader)
    {
        var roles = new List<ServiceRole>();
        foreach (ParameterReader one in reader.ObjectList("roles"))
        {
            if (ReadRole(one) is not { } role)
            {
                continue;
            }

            if (roles.Exists(known => (known.Namespace, known.Name) == (role.Namespace, role.Name)))
            {
                one.Fail(one.Place, $"The role \"{role.Name}\" of the namespace \"{role.Namespace}\" stands here twice.");
            }

            roles.Add(role);
        }

        if (roles.Count == 0 && reader.ObjectList("roles").Count == 0)
        {
            reader.Fail(reader.Place, "\"roles\": expected at least one role; without any, every request is denied, for which there is the denier.");
        }

        return roles;
    }

    /// <summary>Reads the bindings.</summary>
    /// <param name="reader">The handler's parameters.</param>
    /// <param name="roles">The roles to which they may refer.</param>
    public static IReadOnlyList<ServiceRoleBinding> ReadBindings(ParameterReader reader, IReadOnlyList<ServiceRole> roles) =>
        [.. reader.ObjectList("bindings").Select(one => ReadBinding(one, roles)).OfType<ServiceRoleBinding>()];

    private static ServiceRole? ReadRole(ParameterReader reader)
    {
        ScalarNode? name = reader.RequiredText("name");
        ScalarNode? scope = reader.RequiredText("namespace");
        AccessRule[] rules = [.. reader.ObjectList("rules").Select(ReadRule)];
        reader.End();
        if (rules.Length == 0)
        {
            reader.Fail(reader.Place, "\"rules\": expected at least one rule.");
        }

        return name is null || scope is null ? null : new ServiceRole(name.Text, scope.Text, rules);
    }

    private static AccessRule ReadRule(ParameterReader reader)
    {
        var rule = new AccessRule(
            ReadPatterns(reader, "services", "every service"),
            ReadPatterns(reader, "paths"),
            ReadPatterns(reader, "methods", "every method"),
            [.. reader.ObjectList("constraints").Select(ReadConstraint).OfType<Constraint>()]);
        reader.End();
        return rule;
    }

    private static Constraint? ReadConstraint(ParameterReader reader)
    {
        ScalarNode? key = reader.RequiredText("key");
        IReadOnlyList<string> values = ReadPatterns(reader, "values", "every value");
        reader.End();
        return key is null ? null : new Constraint(key.Text, values);
    }

    private static ServiceRoleBinding? ReadBinding(ParameterReader reader, IReadOnlyList<ServiceRole> roles)
    {
        // Its own name is for people.
        reader.Text("name");
        ScalarNode? scope = reader.RequiredText("namespace");
        ScalarNode? role = ReadRoleName(reader);
        Subject[] subjects = [.. reader.ObjectList("subjects").Select(ReadSubject)];
        reader.End();
        if (subjects.Length == 0)
        {
            reader.Fail(reader.Place, "\"subjects\": expected at least one subject.");
        }

        if (scope is null || role is null)
        {
            return null;
        }

        if (!roles.Any(known => known.Namespace == scope.Text && known.Name == role.Text))
        {
            IEnumerable<string> known = roles.Where(one => one.Namespace == scope.Text).Select(one => one.Name);
            reader.Fail(role.Place, $"There is no role {role.Describe()} in the namespace \"{scope.Text}\".{Suggestion.For(role.Text, known)}");
        }

        return new ServiceRoleBinding(scope.Text, role.Text, subjects);
    }

    private static ScalarNode? ReadRoleName(ParameterReader reader)
    {
        if (reader.Object("role_ref") is not { } reference)
        {
            reader.Fail(reader.Place, "The field \"roleRef\" is missing.");
            return null;
        }

        string kind = reference.Text("kind", RoleKind);
        if (kind != RoleKind)
        {
            reference.Fail(reference.Field("kind")!.Value.Place, $"\"kind\": expected {RoleKind}, found '{kind}'.");
        }

        ScalarNode? name = reference.RequiredText("name");
        reference.End();
        return name;
    }

    private static Subject ReadSubject(ParameterReader reader)
    {
        string? user = ReadPattern(reader, "user");
        string? group = ReadPattern(reader, "group");
        var properties = new List<Constraint>();
        foreach (ConfigField field in reader.Map("properties"))
        {
            if (field.Value is ScalarNode scalar && IsPattern(reader, field.Name, scalar))
            {
                properties.Add(new Constraint(field.Name, [scalar.Text]));
            }
            else if (field.Value is not ScalarNode)
            {
                reader.Fail(field.Value.Place, $"\"{field.Name}\": expected a text, found {field.Value.Describe()}.");
            }
        }

        if (reader.Field("user") is null && reader.Field("group") is null && reader.Map("properties").Count == 0)
        {
            reader.Fail(reader.Place, "A subject needs a \"user\", a \"group\" or \"properties\"; user: \"*\" is everyone.");
        }

        reader.End();
        return new Subject(user, group, properties);
    }

    private static string? ReadPattern(ParameterReader reader, string name) =>
        reader.Field(name) is not null && reader.RequiredText(name) is { } text && IsPattern(reader, name, text) ? text.Text : null;

    // What must be there says so, and how everything is written.
    private static IReadOnlyList<string> ReadPatterns(ParameterReader reader, string name, string? everything = null)
    {
        IReadOnlyList<ScalarNode> texts = reader.TextList(name);
        if (texts.Count == 0 && everything is not null)
        {
            reader.Fail(reader.Field(name)?.Value.Place ?? reader.Place, $"\"{name}\": expected at least one; [\"*\"] is {everything}.");
        }

        return [.. texts.Where(text => IsPattern(reader, name, text)).Select(text => text.Text)];
    }

    private static bool IsPattern(ParameterReader reader, string name, ScalarNode text)
    {
        int star = text.Text.IndexOf('*', StringComparison.Ordinal);
        if (text.Text.Length > 0 && (star < 0 || (star == text.Text.LastIndexOf('*') && (star == 0 || star == text.Text.Length - 1))))
        {
            return true;
        }

        reader.Fail(text.Place, $"\"{name}\": expected a text, with one '*' at its beginning or its end or none, found {text.Describe()}.");
        return false;
    }
}
