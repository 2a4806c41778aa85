using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>
/// Tells handlers of two configurations apart that would be built differently, rules that would answer checks differently, and whole configurations.
/// </summary>
internal static class Fingerprint
{
    /// <summary>The hash of all that a handler is built of.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="parameters">Its parameters as they were written.</param>
    /// <param name="instances">The instances that are sent to it, as they were written.</param>
    public static string Of(HandlerDefinition handler, ConfigNode parameters, IEnumerable<(Instance Instance, ConfigNode Text)> instances)
    {
        var text = new StringBuilder();
        Append(text, handler.FullName);
        Append(text, handler.Adapter.Name);
        Append(text, parameters);
        foreach ((Instance instance, ConfigNode written) in instances.OrderBy(pair => pair.Instance.FullName, StringComparer.Ordinal))
        {
            Append(text, instance.FullName);
            Append(text, instance.Template.Name);
            Append(text, written);

            // The same expression has another type once a manifest declares its attribute otherwise.
            Append(text, string.Join(' ', instance.Fields.Select(field => field.Type.Name())));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The hash of all of a rule that a check's verdict depends on. What it does with reports and quotas is not.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="handlers">The handlers with their fingerprints, by the index that actions give.</param>
    public static UInt128 Of(Rule rule, IReadOnlyList<HandlerDefinition> handlers)
    {
        var text = new StringBuilder();
        Append(text, rule.Name);
        Append(text, rule.Match?.Text ?? "");
        text.Append((int)rule.OnError);
        foreach (RuleAction action in rule.Actions.Where(action => action.Instance.Template.Variety is Variety.Check or Variety.AttributeGenerator))
        {
            text.Append('a');
            Append(text, handlers[action.Handler].FullName);
            Append(text, handlers[action.Handler].Fingerprint);
            text.Append((int)handlers[action.Handler].OnError);
            Append(text, action.Instance.FullName);
        }

        foreach (RuleHeaderOperation operation in rule.HeaderOperations)
        {
            text.Append('h').Append((int)operation.Kind).Append(operation.IsRequest ? '>' : '<');
            Append(text, operation.Name);
            Append(text, operation.Text);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// The hash of all that a configuration says, wherever in its files: resources that are referred to by their name count in any order, the others in theirs,
    /// which decides whose word comes first. The same in every process.
    /// </summary>
    /// <param name="resources">The resources, in their order.</param>
    /// <param name="options">How they are read.</param>
    /// <returns>Never 0.</returns>
    public static ulong Of(IReadOnlyList<Resource> resources, ConfigOptions options)
    {
        var text = new StringBuilder();
        Append(text, options.RootNamespace);
        foreach ((string name, Resource resource) in resources
                     .Select(resource => (Name: resource.Name.ToString(), Resource: resource))
                     .OrderBy(named => IsOrdered(named.Resource))
                     .ThenBy(named => IsOrdered(named.Resource) ? "" : named.Name, StringComparer.Ordinal))
        {
            Append(text, name);
            Append(text, resource.Spec);
        }

        return Math.Max(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), 1);
    }

    private static bool IsOrdered(Resource resource) => resource.Name.Kind is "rule" or "QuotaSpec" or "QuotaSpecBinding";

    // Lengths before texts, and counts before parts: no two trees come out the same.
    private static void Append(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part);

    private static void Append(StringBuilder text, ConfigNode node)
    {
        switch (node)
        {
            case ScalarNode scalar:
                text.Append(scalar.IsPlain ? 'p' : 'q');
                Append(text, scalar.Text);
                break;
            case SequenceNode list:
                text.Append('[').Append(list.Items.Count);
                foreach (ConfigNode item in list.Items)
                {
                    Append(text, item);
                }

                break;
            case MappingNode mapping:
                text.Append('{').Append(mapping.Fields.Count);
                foreach (ConfigField field in mapping.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    Append(text, field.Name);
                    Append(text, field.Value);
                }

                break;
        }
    }
}
