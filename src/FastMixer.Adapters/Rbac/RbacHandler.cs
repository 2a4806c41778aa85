using System.Runtime.CompilerServices;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Rbac;

/// <summary>Roles at work. Answers from memory; immutable.</summary>
internal sealed class RbacHandler : ICheckHandler
{
    private readonly RoleTable _roles;
    private readonly ConditionalWeakTable<Instance, BoundInstance> _bound = [];
    private readonly CheckResult _allowed;
    private readonly CheckResult _denied;
    private readonly CheckResult _incomplete;

    /// <summary>A handler.</summary>
    public RbacHandler(RbacSettings settings)
    {
        _roles = new RoleTable(settings);
        _allowed = CheckResult.Create(StatusCode.Ok, "", settings.CacheDuration, settings.CacheUseCount);
        _denied = CheckResult.Create(StatusCode.PermissionDenied, "no role allows it", settings.CacheDuration, settings.CacheUseCount);
        _incomplete = CheckResult.Create(
            StatusCode.InvalidArgument, "the action lacks its namespace, service, method or path", settings.CacheDuration, settings.CacheUseCount);
    }

    /// <inheritdoc/>
    public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => new(Check(instance));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private CheckResult Check(InstanceValues instance)
    {
        var request = new RoleRequest(instance, BoundTo(instance.Instance));
        return !IsWhole(request) ? _incomplete : _roles.Allows(request) ? _allowed : _denied;
    }

    // Without one of them a role's "*" would allow what nobody thought of.
    private static bool IsWhole(RoleRequest request) =>
        !request.Text(request.Bound.Namespace).IsEmpty
        && !request.Text(request.Bound.Service).IsEmpty
        && !request.Text(request.Bound.Method).IsEmpty
        && !request.Text(request.Bound.Path).IsEmpty;

    private BoundInstance BoundTo(Instance instance) => _bound.TryGetValue(instance, out BoundInstance? known) ? known : Bind(instance);

    private BoundInstance Bind(Instance instance) => _bound.GetValue(instance, one => new BoundInstance(one, _roles.Properties));
}
