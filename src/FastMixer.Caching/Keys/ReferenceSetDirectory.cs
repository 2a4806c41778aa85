using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Caching.Keys;

/// <summary>
/// The sets of look-ups that verdicts were found to depend on, and which of them to try for a request. Every set is exact: one that looks up less is another
/// set, and never has an entry for a verdict that depended on more. There are so many at most; a verdict of a set more has none. Any thread may call any
/// member; reading takes no lock and allocates nothing, as does finding a known set.
/// </summary>
public sealed class ReferenceSetDirectory
{
    /// <summary>How many sets may be asked for at most.</summary>
    public const int GreatestMaxSets = 32_768;

    private const int RowsPerSet = 4;

    private static int LastId;

    private readonly Vocabulary _vocabulary;
    private readonly int _maxSets;
    private readonly int _maxRows;
    private readonly ConcurrentDictionary<UInt128, ReferenceSet> _byFingerprint = new();
    private readonly Lock _changing = new();
    private SetIndex _index = SetIndex.Empty;

    /// <summary>An empty directory.</summary>
    /// <param name="vocabulary">What slots mean.</param>
    /// <param name="maxSets">How many sets there may be, 1 … <see cref="GreatestMaxSets"/>.</param>
    public ReferenceSetDirectory(Vocabulary vocabulary, int maxSets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxSets, GreatestMaxSets);
        _vocabulary = vocabulary;
        _maxSets = maxSets;
        _maxRows = (int)BitOperations.RoundUpToPowerOf2((uint)(maxSets * RowsPerSet));
    }

    /// <summary>Whether slots mean the same in a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    public bool IsOf(Vocabulary vocabulary) => ReferenceEquals(vocabulary, _vocabulary) || vocabulary.Definitions.SequenceEqual(_vocabulary.Definitions);

    /// <summary>The sets that are known now.</summary>
    public ReadOnlySpan<ReferenceSet> Sets => Index.Sets;

    /// <summary>The look-ups whose values lead to the sets to be tried; none while few sets are known.</summary>
    public IReadOnlyList<ReferencePart> Leading => Index.Leading;

    private SetIndex Index => Volatile.Read(ref _index);

    /// <summary>The sets to try for a request, at most eight: <c>foreach (ReferenceSet set in directory.Walk(bag))</c>. No allocation.</summary>
    /// <param name="bag">The request, of the directory's vocabulary.</param>
    public SetWalk Walk(AttributeBag bag) => Index.Walk(bag);

    /// <summary>Notes that a set has a verdict for a request, so that it is tried first next time. No allocation.</summary>
    /// <param name="set">The set.</param>
    /// <param name="bag">The request.</param>
    public void Put(ReferenceSet set, AttributeBag bag)
    {
        SetIndex index = Index;
        index.Put(set, bag);
        if (index.IsUnderPressure && _changing.TryEnter())
        {
            try
            {
                Volatile.Write(ref _index, Index.ChooseAnew(_maxRows));
            }
            finally
            {
                _changing.Exit();
            }
        }
    }

    /// <summary>The set of some look-ups. Allocates only where it is a new one.</summary>
    /// <param name="references">The look-ups.</param>
    /// <param name="configuration">The number of the configuration whose they are. Sets that only older ones had make way where it needs room.</param>
    /// <param name="set">The set.</param>
    /// <returns>False if there is no room for a new set.</returns>
    public bool TryGet(ReferenceList references, long configuration, [NotNullWhen(true)] out ReferenceSet? set)
    {
        if (!_byFingerprint.TryGetValue(references.Fingerprint, out set) && !TryAdd(references, configuration, out set))
        {
            return false;
        }

        if (references.IsSameAs(set))
        {
            return true;
        }

        // Two sets whose 128 bits are the same: whoever came first has them.
        set = null;
        return false;
    }

    private bool TryAdd(ReferenceList references, long configuration, [NotNullWhen(true)] out ReferenceSet? set)
    {
        lock (_changing)
        {
            if (_byFingerprint.TryGetValue(references.Fingerprint, out set))
            {
                return true;
            }

            ReferenceSet[] known = Index.Sets.ToArray();
            if (known.Length >= _maxSets)
            {
                known = Array.FindAll(known, other => other.Usage.LastSeen >= configuration);
            }

            if (known.Length >= _maxSets)
            {
                return false;
            }

            set = new ReferenceSet((uint)Interlocked.Increment(ref LastId), references.Fingerprint, references.ToParts(_vocabulary), _vocabulary);
            set.Usage.NoteSeen(configuration);
            Publish([.. WithoutOutdated(known, set, configuration), set]);
            return true;
        }
    }

    // Evaluation begins alike for every request of a configuration. Sets of older ones that lack what all of this one have can have no verdict in it any
    // more, and would only take away what tells sets apart.
    private static ReferenceSet[] WithoutOutdated(ReferenceSet[] known, ReferenceSet set, long configuration)
    {
        ReferencePart[] common = SetIndex.Common([set, .. known.Where(other => other.Usage.LastSeen >= configuration)]);
        return Array.FindAll(known, other => other.Usage.LastSeen >= configuration || Array.TrueForAll(common, other.LooksUp));
    }

    private void Publish(ReferenceSet[] sets)
    {
        foreach (ReferenceSet gone in Index.Sets.ToArray().Except(sets))
        {
            _byFingerprint.TryRemove(gone.Fingerprint, out _);
        }

        _byFingerprint[sets[^1].Fingerprint] = sets[^1];
        Volatile.Write(ref _index, Index.With(sets, _maxRows));
    }
}
