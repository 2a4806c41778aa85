using System.Collections.Concurrent;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Diagnostics;

/// <summary>What can fail in a rule.</summary>
public enum RuleError
{
    /// <summary>Its match expression.</summary>
    Match,

    /// <summary>An expression of an instance that it sends.</summary>
    Instance,

    /// <summary>A handler that it sends to.</summary>
    Handler,

    /// <summary>A header operation, which was left out: its value could not be evaluated, was empty, or none that a header may have.</summary>
    HeaderOperation,
}

/// <summary>How often a rule failed.</summary>
/// <param name="Match">Its match could not be evaluated.</param>
/// <param name="Instance">An instance that it sends could not be evaluated.</param>
/// <param name="Handler">A handler that it sends to failed.</param>
/// <param name="HeaderOperation">A header operation was left out.</param>
public readonly record struct RuleErrorCounts(long Match, long Instance, long Handler, long HeaderOperation = 0);

/// <summary>Counts the errors of each rule by its name, across configurations. Any thread may count; counting a known rule allocates nothing.</summary>
internal sealed class RuleErrors
{
    private readonly ConcurrentDictionary<string, long[]> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one error.</summary>
    public void Count(Rule rule, RuleError error) => Add(rule.Name, error, 1);

    /// <summary>Counts several errors.</summary>
    public void Add(string rule, RuleError error, long count) =>
        Interlocked.Add(ref _counts.GetOrAdd(rule, static _ => new long[Enum.GetValues<RuleError>().Length])[(int)error], count);

    /// <summary>Forgets the rules that are gone, so that a life of reloads does not fill the memory.</summary>
    /// <param name="kept">The names of the rules in force.</param>
    public void Keep(IReadOnlySet<string> kept)
    {
        foreach (string name in _counts.Keys.Where(name => !kept.Contains(name)))
        {
            _counts.TryRemove(name, out _);
        }
    }

    /// <summary>The counts of every rule that ever failed.</summary>
    public Dictionary<string, RuleErrorCounts> ToDictionary() => _counts.ToDictionary(
        pair => pair.Key,
        pair => new RuleErrorCounts(
            Interlocked.Read(ref pair.Value[(int)RuleError.Match]),
            Interlocked.Read(ref pair.Value[(int)RuleError.Instance]),
            Interlocked.Read(ref pair.Value[(int)RuleError.Handler]),
            Interlocked.Read(ref pair.Value[(int)RuleError.HeaderOperation])),
        StringComparer.Ordinal);
}
