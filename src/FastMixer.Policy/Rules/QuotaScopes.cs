using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Words;

namespace FastMixer.Policy.Rules;

/// <summary>The rules of one quota. Immutable.</summary>
/// <param name="Utf8Name">The quota's name, in lower case.</param>
/// <param name="Rules">The rules that may limit it.</param>
public sealed record QuotaScope(ReadOnlyMemory<byte> Utf8Name, RuleScope Rules);

/// <summary>The rules of each quota, by its name without regard to case: a check that asks for one never meets those of another. Immutable.</summary>
internal sealed class QuotaScopes
{
    private const int MostBytesOnStack = 256;

    private readonly FrozenDictionary<byte[], QuotaScope> _scopes;
    private readonly FrozenDictionary<byte[], QuotaScope>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly int _longestName;

    /// <summary>The scopes of every quota that rules name.</summary>
    public QuotaScopes(string rootNamespace, IReadOnlyList<Rule> rules, ReferenceTable references)
    {
        _scopes = rules
            .SelectMany(rule => QuotaNames(rule).Distinct().Select(name => (Name: name, Rule: rule)))
            .GroupBy(pair => pair.Name, pair => pair.Rule, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => Encoding.UTF8.GetBytes(group.Key),
                group => new QuotaScope(Encoding.UTF8.GetBytes(group.Key), new RuleScope(rootNamespace, [.. group], references)),
                Utf8Comparer.Instance);
        _byName = _scopes.GetAlternateLookup<ReadOnlySpan<byte>>();
        _longestName = _scopes.Keys.Select(name => name.Length).DefaultIfEmpty().Max();
    }

    /// <summary>All scopes.</summary>
    public IEnumerable<RuleScope> All => _scopes.Values.Select(scope => scope.Rules);

    /// <summary>Finds the rules of a quota. No allocation for names of usual length.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out QuotaScope? scope)
    {
        scope = null;
        if (name.Length > _longestName)
        {
            return false;
        }

        Span<byte> lower = name.Length <= MostBytesOnStack ? stackalloc byte[MostBytesOnStack] : new byte[name.Length];
        lower = lower[..name.Length];
        for (int i = 0; i < name.Length; i++)
        {
            lower[i] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
        }

        return _byName.TryGetValue(lower, out scope);
    }

    private static IEnumerable<string> QuotaNames(Rule rule) =>
        from action in rule.Actions
        where action.Instance.Template.Variety == Variety.Quota
        select string.Concat(action.Instance.Name.Select(letter => char.IsAscii(letter) ? char.ToLowerInvariant(letter) : letter));
}
