using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Http;

/// <summary>Finds fields of instances by the names that parameters give: <c>subject.user</c>, <c>subject.properties.team</c>.</summary>
internal static class FieldPath
{
    /// <summary>The index of a field.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="name">The field's name.</param>
    /// <returns>Its index, or −1 if the instance leaves it out.</returns>
    public static int Find(Instance instance, string name) =>
        MapOf(instance, name) is { } map ? instance.IndexOf(map.Path, name[(map.Path.Length + 1)..]) : instance.IndexOf(name);

    /// <summary>What is wrong with a name for an instance, or null.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="name">The field's name.</param>
    public static string? Check(Instance instance, string name)
    {
        int index = Find(instance, name);
        bool isLeftOut = index < 0 && instance.Template.Fields.Any(field => field.Path == name && field.Shape != FieldShape.Map);
        if (index < 0 && !isLeftOut)
        {
            IEnumerable<string> known = instance.Fields.Select(field => field.Key is null ? field.Path : $"{field.Path}.{field.Key}");
            return $"The handler sends the field \"{name}\", which \"{instance.FullName}\" does not have.{Suggestion.For(name, known)}";
        }

        return index >= 0 && instance.Fields[index].Type == AttributeType.StringMap
            ? $"The handler sends the field \"{name}\" as text, which in \"{instance.FullName}\" is a STRING_MAP: name one of its keys in the instance."
            : null;
    }

    private static TemplateField? MapOf(Instance instance, string name) => instance.Template.Fields.FirstOrDefault(
        field => field.Shape == FieldShape.Map && name.StartsWith(field.Path + ".", StringComparison.Ordinal));
}
