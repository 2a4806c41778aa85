using System.Runtime.InteropServices;
using System.Text;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.References;

/// <summary>An attribute, or a key of a map, that some expression of a snapshot looks up.</summary>
/// <param name="Slot">The attribute's slot.</param>
/// <param name="Key">The key in UTF-8, or null for the whole attribute.</param>
public sealed record ReferenceEntry(int Slot, byte[]? Key);

/// <summary>
/// Every look-up of a snapshot that is known before any request, numbered from 0: evaluation notes a look-up by setting a bit. Filled while
/// expressions are compiled, read-only from then on.
/// </summary>
public sealed class ReferenceTable
{
    private readonly List<ReferenceEntry> _entries = [];
    private readonly Dictionary<(int Slot, string? Key), int> _indexes = [];
    private readonly Dictionary<int, List<int>> _keysOfSlot = [];

    /// <summary>An empty table.</summary>
    /// <param name="vocabulary">What slots mean.</param>
    public ReferenceTable(Vocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        Names = [.. vocabulary.Definitions.Select(definition => Encoding.UTF8.GetBytes(definition.Name))];
    }

    /// <summary>What slots mean.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How many look-ups there are.</summary>
    public int Count => _entries.Count;

    /// <summary>A look-up by its number.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    public ReferenceEntry this[int index] => _entries[index];

    /// <summary>Every slot that is looked up.</summary>
    public IEnumerable<int> Slots => _entries.Select(entry => entry.Slot).Distinct();

    /// <summary>The names of all attributes by slot, UTF-8.</summary>
    private byte[][] Names { get; }

    /// <summary>The UTF-8 name of an attribute.</summary>
    /// <param name="slot">Its slot.</param>
    public ReadOnlySpan<byte> Name(int slot) => Names[slot];

    /// <summary>The number of a look-up, a new one if it is new. Only while compiling.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="key">The key, or null for the whole attribute.</param>
    internal int Add(int slot, string? key = null)
    {
        if (!_indexes.TryGetValue((slot, key), out int index))
        {
            index = _entries.Count;
            _entries.Add(new ReferenceEntry(slot, key is null ? null : Encoding.UTF8.GetBytes(key)));
            _indexes.Add((slot, key), index);
            if (key is not null)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_keysOfSlot, slot, out _) ??= [];
                _keysOfSlot[slot].Add(index);
            }
        }

        return index;
    }

    /// <summary>Finds the number of a whole attribute's look-up. No allocation.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="index">The number.</param>
    /// <returns>False if no expression looks it up as a whole.</returns>
    internal bool TryFind(int slot, out int index) => _indexes.TryGetValue((slot, null), out index);

    /// <summary>Finds the number of a key's look-up. No allocation.</summary>
    /// <param name="slot">The map's slot.</param>
    /// <param name="key">The key, UTF-8.</param>
    /// <param name="index">The number.</param>
    /// <returns>False if no expression names the key.</returns>
    internal bool TryFind(int slot, ReadOnlySpan<byte> key, out int index)
    {
        if (_keysOfSlot.TryGetValue(slot, out List<int>? known))
        {
            foreach (int candidate in known)
            {
                if (key.SequenceEqual(_entries[candidate].Key))
                {
                    index = candidate;
                    return true;
                }
            }
        }

        index = 0;
        return false;
    }
}
