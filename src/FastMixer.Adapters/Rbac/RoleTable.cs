using System.Collections.Frozen;
using System.Text;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.Rbac;

/// <summary>
/// Roles and bindings, compiled: from a namespace to its grants, from a service that is named to the grants that name it; those that name services by
/// patterns are asked one after the other. Immutable; asking allocates nothing.
/// </summary>
internal sealed class RoleTable
{
    private readonly FrozenDictionary<byte[], NamespaceGrants>.AlternateLookup<ReadOnlySpan<byte>> _namespaces;

    /// <summary>Compiles roles and bindings.</summary>
    /// <param name="settings">The roles and bindings.</param>
    public RoleTable(RbacSettings settings) => _namespaces = settings.Roles
        .GroupBy(role => role.Namespace)
        .ToFrozenDictionary(
            roles => Encoding.UTF8.GetBytes(roles.Key),
            roles => new NamespaceGrants(roles, settings.Bindings, Properties),
            Utf8Comparer.Instance)
        .GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The properties that it asks for.</summary>
    public PropertyNames Properties { get; } = new();

    /// <summary>Whether a role allows a request to its subject.</summary>
    public bool Allows(RoleRequest request) =>
        _namespaces.TryGetValue(request.Text(request.Bound.Namespace), out NamespaceGrants? grants) && grants.Allow(request);

    private sealed class NamespaceGrants
    {
        private readonly FrozenDictionary<byte[], Grant[]>.AlternateLookup<ReadOnlySpan<byte>> _byService;
        private readonly Grant[] _byPattern;

        public NamespaceGrants(IGrouping<string, ServiceRole> roles, IReadOnlyList<ServiceRoleBinding> bindings, PropertyNames properties)
        {
            (AccessRule Rule, Grant Grant)[] grants =
            [
                .. from role in roles
                   let holders = GrantCompiler.CompileHolders(bindings.Where(one => one.Namespace == role.Namespace && one.Role == role.Name), properties)
                   from rule in role.Rules
                   select (rule, GrantCompiler.Compile(rule, holders, properties)),
            ];
            _byService = grants
                .SelectMany(one => one.Rule.Services.Where(Patterns.IsExact).Distinct().Select(service => (service, one.Grant)))
                .GroupBy(one => one.service, one => one.Grant)
                .ToFrozenDictionary(group => Encoding.UTF8.GetBytes(group.Key), group => group.ToArray(), Utf8Comparer.Instance)
                .GetAlternateLookup<ReadOnlySpan<byte>>();
            _byPattern = [.. grants.Where(one => !one.Rule.Services.All(Patterns.IsExact)).Select(one => one.Grant)];
        }

        public bool Allow(RoleRequest request)
        {
            ReadOnlySpan<byte> service = request.Text(request.Bound.Service);
            if (_byService.TryGetValue(service, out Grant[]? grants) && AnyAllows(grants, request))
            {
                return true;
            }

            foreach (Grant grant in _byPattern)
            {
                if (grant.IsFor(service) && grant.Allows(request))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool AnyAllows(Grant[] grants, RoleRequest request)
        {
            foreach (Grant grant in grants)
            {
                if (grant.Allows(request))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
