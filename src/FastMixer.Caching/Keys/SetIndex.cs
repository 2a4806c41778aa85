using System.IO.Hashing;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Caching.Keys;

/// <summary>
/// The known sets, and which of them to try for a request. Few are all tried; of many, those that had a verdict before for the values of some look-ups that
/// every set has (<see cref="Discriminators"/>). Immutable but for its rows; replaced when a set comes or goes.
/// </summary>
internal sealed class SetIndex
{
    private const int LongestKey = 256;

    private readonly ReferenceSet[] _sets;
    private readonly ReferencePart[] _common;
    private readonly ReferencePart[] _discriminators;
    private readonly SetRows _rows;

    private SetIndex(ReferenceSet[] sets, ReferencePart[] common, ReferencePart[] discriminators, SetRows rows)
    {
        _sets = sets;
        _common = common;
        _discriminators = discriminators;
        _rows = rows;
        for (int i = 0; i < sets.Length; i++)
        {
            sets[i].Ordinal = i;
        }
    }

    /// <summary>No sets.</summary>
    public static SetIndex Empty => new([], [], [], new SetRows(1));

    /// <summary>The sets.</summary>
    public ReadOnlySpan<ReferenceSet> Sets => _sets;

    /// <summary>The values of what leads to the sets to be tried.</summary>
    public IReadOnlyList<ReferencePart> Leading => _discriminators;

    /// <summary>Whether what leads to rows has too many values.</summary>
    public bool IsUnderPressure => _discriminators.Length > 0 && _rows.IsUnderPressure;

    private bool HasRows => _sets.Length > SetRows.SetsPerRow;

    /// <summary>An index of other sets. Forgets what was useful, unless there is only one set more and what leads to the rows is the same.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="maxRows">How many rows there are once there are more sets than one row holds: a power of two.</param>
    public SetIndex With(ReferenceSet[] sets, int maxRows)
    {
        ReferencePart[] common = Common(sets);
        if (sets.Length <= SetRows.SetsPerRow)
        {
            var index = new SetIndex(sets, common, [], new SetRows(1));
            foreach (ReferenceSet set in sets)
            {
                index._rows.Put(0, set.Ordinal);
            }

            return index;
        }

        bool grows = HasRows && sets.Length == _sets.Length + 1 && common.Length == _common.Length && _sets.AsSpan().SequenceEqual(sets.AsSpan(0, _sets.Length));
        bool keeps = grows && (sets.Length & (sets.Length - 1)) != 0;
        return keeps
            ? new SetIndex(sets, common, _discriminators, _rows)
            : WithDiscriminators(sets, common, Discriminators.Choose(sets, common, maxRows), grows, maxRows);
    }

    /// <summary>An index of the same sets that chooses anew what leads to them.</summary>
    /// <param name="maxRows">How many rows there are.</param>
    public SetIndex ChooseAnew(int maxRows)
    {
        _rows.ForgetPressure();
        return WithDiscriminators(_sets, _common, Discriminators.Choose(_sets, _common, maxRows), keepsRows: true, maxRows);
    }

    /// <summary>The sets to try for a request, the latest that was useful first. No allocation.</summary>
    public SetWalk Walk(AttributeBag bag)
    {
        (long first, long second) = _rows.Find(Hash(bag));
        return new SetWalk(_sets, first, second);
    }

    /// <summary>Notes that a set has a verdict for a request. No allocation.</summary>
    public void Put(ReferenceSet set, AttributeBag bag)
    {
        int ordinal = set.Ordinal;
        if (ordinal < _sets.Length && _sets[ordinal] == set)
        {
            _rows.Put(Hash(bag), ordinal);
        }
    }

    /// <summary>What every set looks up.</summary>
    public static ReferencePart[] Common(IReadOnlyList<ReferenceSet> sets) =>
        sets.Count == 0 ? [] : [.. sets[0].Parts.Where(lookup => sets.All(set => set.LooksUp(lookup)))];

    private SetIndex WithDiscriminators(ReferenceSet[] sets, ReferencePart[] common, ReferencePart[] chosen, bool keepsRows, int maxRows)
    {
        bool isSame = keepsRows && chosen.Length == _discriminators.Length && chosen.All(lookup => _discriminators.Any(lookup.LooksUpSameAs));
        return isSame
            ? new SetIndex(sets, common, _discriminators, _rows)
            : new SetIndex(sets, common, chosen, new SetRows(chosen.Length == 0 ? 1 : maxRows));
    }

    private ulong Hash(AttributeBag bag)
    {
        if (_discriminators.Length == 0)
        {
            return 0;
        }

        Span<byte> room = stackalloc byte[LongestKey];
        var writer = new KeyWriter(room);
        foreach (ReferencePart lookup in _discriminators)
        {
            writer.WriteFound(lookup, bag);
        }

        return XxHash3.HashToUInt64(room[..writer.Length]);
    }
}

/// <summary>A walk over the sets to try for one request.</summary>
public ref struct SetWalk
{
    private readonly ReferenceSet[] _sets;
    private readonly long _first;
    private readonly long _second;
    private int _next;

    internal SetWalk(ReferenceSet[] sets, long first, long second)
    {
        _sets = sets;
        _first = first;
        _second = second;
        Current = null!;
    }

    /// <summary>The set at hand.</summary>
    public ReferenceSet Current { get; private set; }

    /// <summary>The walk itself.</summary>
    public readonly SetWalk GetEnumerator() => this;

    /// <summary>Goes to the next set.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        while (_next < SetRows.SetsPerRow)
        {
            int ordinal = SetRows.At(_first, _second, _next++) - 1;
            if (ordinal >= 0 && ordinal < _sets.Length)
            {
                Current = _sets[ordinal];
                return true;
            }
        }

        return false;
    }
}
