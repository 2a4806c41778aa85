using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Rbac;

/// <summary>A request as roles see it.</summary>
/// <param name="Values">The instance's fields.</param>
/// <param name="Bound">Where they stand.</param>
internal readonly record struct RoleRequest(InstanceValues Values, BoundInstance Bound)
{
    /// <summary>A text field; empty where the instance leaves it out.</summary>
    public ReadOnlySpan<byte> Text(int field) => Values.GetBytes(field).Span;
}

/// <summary>A rule of a role, with those who have the role: compiled, immutable. Asking allocates nothing.</summary>
/// <param name="services">The services that it is for.</param>
/// <param name="paths">The paths; null for every one.</param>
/// <param name="methods">The methods.</param>
/// <param name="constraints">What properties of the action must be.</param>
/// <param name="holders">Who has the role.</param>
internal sealed class Grant(Patterns services, Patterns? paths, Patterns methods, PropertyTest[] constraints, Holders holders)
{
    /// <summary>Whether it allows a request to the service that it is known to be for.</summary>
    public bool Allows(RoleRequest request) =>
        methods.Matches(request.Text(request.Bound.Method))
        && (paths is null || paths.Matches(request.Text(request.Bound.Path)))
        && PropertyTest.AllHold(constraints, request)
        && holders.Include(request);

    /// <summary>Whether it is for a service.</summary>
    public bool IsFor(ReadOnlySpan<byte> service) => services.Matches(service);
}

/// <summary>What a property must be.</summary>
/// <param name="Property">The property's number.</param>
/// <param name="Values">The patterns that it must match.</param>
internal readonly record struct PropertyTest(int Property, Patterns Values)
{
    /// <summary>Whether all tests hold; of a property that the instance does not have, none does.</summary>
    public static bool AllHold(PropertyTest[] tests, RoleRequest request)
    {
        foreach (PropertyTest test in tests)
        {
            int field = request.Bound.Property(test.Property);
            if (field < 0 || !test.Values.Matches(request.Text(field)))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Who has a role: subjects that are no more than a user or a group are looked up at once, others asked one after the other.</summary>
/// <param name="users">The users that are subjects by themselves.</param>
/// <param name="groups">The groups that are.</param>
/// <param name="others">All other subjects.</param>
internal sealed class Holders(Patterns users, Patterns groups, Holders.Subject[] others)
{
    /// <summary>Whether the subject of a request is one of them.</summary>
    public bool Include(RoleRequest request)
    {
        ReadOnlySpan<byte> user = request.Text(request.Bound.User);
        ReadOnlySpan<byte> group = request.Text(request.Bound.Groups);
        if (users.Matches(user) || groups.Matches(group))
        {
            return true;
        }

        foreach (Subject subject in others)
        {
            if (subject.User?.Matches(user) != false && subject.Group?.Matches(group) != false && PropertyTest.AllHold(subject.Properties, request))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A subject of several parts, all of which must match.</summary>
    internal readonly record struct Subject(Patterns? User, Patterns? Group, PropertyTest[] Properties);
}
