namespace FastMixer.Policy.Rules;

/// <summary>A rule that a request may match, with what of its match is still to be evaluated. Immutable.</summary>
public sealed class RuleCandidate
{
    internal RuleCandidate(Rule rule, int order, Predicate? rest)
    {
        Rule = rule;
        Order = order;
        Rest = rest;
    }

    /// <summary>The rule.</summary>
    public Rule Rule { get; }

    /// <summary>What is left of its match, the rule index having answered the rest; null if nothing is: the rule matches.</summary>
    public Predicate? Rest { get; }

    /// <summary>Where the rule stands among those of its namespace.</summary>
    internal int Order { get; }
}

/// <summary>
/// The rules that one request may match, in rule order. Reused; belongs to one request at a time; no allocation once grown.
/// </summary>
public sealed class RuleCandidates
{
    // So few are put in order by insertion faster than by anything that must be called.
    private const int Few = 24;

    private static readonly Comparison<RuleCandidate> ByOrder = static (left, right) => left.Order.CompareTo(right.Order);

    private RuleCandidate[] _items = new RuleCandidate[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A candidate, in rule order.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    public RuleCandidate this[int index] => _items.AsSpan(0, Count)[index];

    /// <summary>Lets go of the rules, so that a resting list does not keep a replaced configuration in memory.</summary>
    public void Release()
    {
        Array.Clear(_items);
        Count = 0;
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear() => Count = 0;

    /// <summary>Adds some, whose order among each other is right.</summary>
    internal void Add(ReadOnlySpan<RuleCandidate> candidates)
    {
        if (Count + candidates.Length > _items.Length)
        {
            Array.Resize(ref _items, Math.Max(_items.Length * 2, Count + candidates.Length));
        }

        candidates.CopyTo(_items.AsSpan(Count));
        Count += candidates.Length;
    }

    /// <summary>Puts those from some index on in rule order.</summary>
    internal void Sort(int start)
    {
        Span<RuleCandidate> items = _items.AsSpan(start, Count - start);
        if (items.Length > Few)
        {
            items.Sort(ByOrder);
            return;
        }

        for (int i = 1; i < items.Length; i++)
        {
            RuleCandidate item = items[i];
            int place = i;
            for (; place > 0 && items[place - 1].Order > item.Order; place--)
            {
                items[place] = items[place - 1];
            }

            items[place] = item;
        }
    }
}
