using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Rbac;

/// <summary>
/// Allows what a role of the action's namespace allows to the subject: role-based access control as the original's adapter of this name did it, with
/// the roles and bindings in the parameters.
/// </summary>
public sealed class RbacAdapter : Adapter
{
    private static readonly TimeSpan DefaultCacheDuration = TimeSpan.FromSeconds(60);
    private const int DefaultCacheUseCount = 1_000_000_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("rbac", ["authorization"], ReadParameters) { CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new RbacHandler((RbacSettings)definition.Parameters);

    private static RbacSettings ReadParameters(ParameterReader reader)
    {
        IReadOnlyList<ServiceRole> roles = RoleReader.ReadRoles(reader);
        return new RbacSettings(
            roles,
            RoleReader.ReadBindings(reader, roles),
            reader.Duration("cache_duration", DefaultCacheDuration),
            reader.Int32("cache_use_count", DefaultCacheUseCount, -1, int.MaxValue));
    }

    // As in the original, a property that the instance lacks matches nothing; one that is no text could never match.
    private static string? CheckInstance(object parameters, Instance instance)
    {
        var settings = (RbacSettings)parameters;
        IEnumerable<string> action = settings.Roles.SelectMany(role => role.Rules).SelectMany(rule => rule.Constraints).Select(one => one.Key);
        IEnumerable<string> subject = settings.Bindings.SelectMany(binding => binding.Subjects).SelectMany(one => one.Properties).Select(one => one.Key);
        return action.Select(key => CheckProperty(instance, BoundInstance.ActionProperties, key))
            .Concat(subject.Select(key => CheckProperty(instance, BoundInstance.SubjectProperties, key)))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? CheckProperty(Instance instance, string map, string key)
    {
        int index = instance.IndexOf(map, key);
        return index < 0 || instance.Fields[index].Type.IsText()
            ? null
            : $"The roles compare the property \"{key}\" with texts, which in \"{instance.FullName}\" is of type {instance.Fields[index].Type.Name()}.";
    }
}
