using System.Collections.Frozen;
using System.Runtime.InteropServices;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Words;

namespace FastMixer.Policy.Rules.Index;

/// <summary>
/// Rules whose matches all go on with a comparison of one subject: one evaluation of it finds those for which the comparison holds. Immutable
/// but for its count of errors.
/// </summary>
internal sealed class SubjectGroup
{
    private const int None = -1;

    private readonly Subject _subject;
    private readonly FrozenDictionary<byte[], IndexLevel> _equal;
    private readonly FrozenDictionary<byte[], IndexLevel>.AlternateLookup<ReadOnlySpan<byte>> _byKey;
    private readonly PrefixTable<IndexLevel> _prefixes;
    private readonly RuleCandidate[] _answeringErrors;
    private long _errors;

    private SubjectGroup(IReadOnlyList<Remainder> rules, int depth, List<SubjectGroup> groups)
    {
        _subject = rules[0].Guard!.Subject;
        _equal = Levels(rules, GuardKind.Equality, depth, groups).ToFrozenDictionary(Utf8Comparer.Instance);
        _byKey = _equal.GetAlternateLookup<ReadOnlySpan<byte>>();
        _prefixes = new PrefixTable<IndexLevel>(Levels(rules, GuardKind.Prefix, depth, groups));
        _answeringErrors = [.. rules.Where(rule => rule.Rule.AnswersMatchErrors).Select(rule => rule.ToCandidate())];
        PassedOverByErrors = [.. rules.Where(rule => !rule.Rule.AnswersMatchErrors).Select(rule => rule.Rule)];
    }

    /// <summary>The rules of which an error of the subject makes no candidates, because they do not match then.</summary>
    public IReadOnlyList<Rule> PassedOverByErrors { get; }

    /// <summary>How many requests there were for which the subject could not be evaluated: as many errors of each such rule.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Takes the count of errors away, to be kept elsewhere.</summary>
    public long TakeErrors() => Interlocked.Exchange(ref _errors, 0);

    /// <summary>A group.</summary>
    /// <param name="rules">The rules, in order; their next conjuncts are guards of one subject.</param>
    /// <param name="depth">How many look-ups lead to it.</param>
    /// <param name="groups">Takes every group that is made, this one too.</param>
    public static SubjectGroup Build(IReadOnlyList<Remainder> rules, int depth, List<SubjectGroup> groups)
    {
        var group = new SubjectGroup(rules, depth, groups);
        groups.Add(group);
        return group;
    }

    /// <summary>Adds the candidates, in no order.</summary>
    public void Collect(EvaluationContext context, RuleCandidates candidates)
    {
        Span<byte> room = stackalloc byte[Subject.RoomBytes];
        if (!_subject.TryReadKey(context, room, out ReadOnlySpan<byte> key))
        {
            Interlocked.Increment(ref _errors);
            candidates.Add(_answeringErrors);
            return;
        }

        if (_byKey.TryGetValue(key, out IndexLevel? level))
        {
            level.Collect(context, candidates);
        }

        for (int prefix = _prefixes.FindLongest(key); prefix != None; prefix = _prefixes.FindShorter(prefix))
        {
            _prefixes[prefix].Collect(context, candidates);
        }
    }

    private static IEnumerable<KeyValuePair<byte[], IndexLevel>> Levels(
        IReadOnlyList<Remainder> rules, GuardKind kind, int depth, List<SubjectGroup> groups)
    {
        var byValue = new Dictionary<byte[], List<Remainder>>(Utf8Comparer.Instance);
        foreach (Remainder rule in rules.Where(rule => rule.Guard!.Kind == kind))
        {
            foreach (byte[] value in rule.Guard!.Values)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(byValue, value, out _) ??= []).Add(rule.Next);
            }
        }

        return [.. byValue.Select(pair => KeyValuePair.Create(pair.Key, IndexLevel.Build(pair.Value, depth + 1, groups)))];
    }
}
