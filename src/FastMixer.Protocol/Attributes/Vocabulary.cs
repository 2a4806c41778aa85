using System.Collections.Frozen;
using System.Text;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Attributes;

/// <summary>A declared attribute.</summary>
/// <param name="Name">The flat name, such as <c>source.namespace</c>.</param>
/// <param name="Type">The only type its values may have.</param>
public sealed record AttributeDefinition(string Name, AttributeType Type);

/// <summary>
/// The attributes that a policy can read and a peer's values are checked against, numbered by slot from 0. Immutable; any thread may read it.
/// </summary>
public sealed class Vocabulary
{
    private readonly AttributeDefinition[] _definitions;
    private readonly FrozenDictionary<string, int> _slots;
    private readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _utf8Slots;
    private readonly int[] _slotByWord;

    private Vocabulary(AttributeDefinition[] definitions)
    {
        _definitions = definitions;
        _slots = Enumerable.Range(0, definitions.Length).ToFrozenDictionary(slot => definitions[slot].Name, slot => slot, StringComparer.Ordinal);
        _utf8Slots = Enumerable.Range(0, definitions.Length)
            .ToFrozenDictionary(slot => Encoding.UTF8.GetBytes(definitions[slot].Name), slot => slot, Utf8Comparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        _slotByWord = new int[WordList.Standard.Count + 1];
        Array.Fill(_slotByWord, NoSlot);
        for (int slot = 0; slot < definitions.Length; slot++)
        {
            int word = WordList.Standard.IndexOf(definitions[slot].Name);
            _slotByWord[word] = word == 0 ? NoSlot : slot;
        }
    }

    /// <summary>What <see cref="SlotOfWord"/> answers for a word that is no declared attribute.</summary>
    public const int NoSlot = -1;

    /// <summary>The standard vocabulary, spec/attributes.txt.</summary>
    public static Vocabulary Standard { get; } = new([.. EmbeddedText.Lines("attributes.txt").Select(ParseLine)]);

    /// <summary>The number of attributes; slots are 0 … Count − 1.</summary>
    public int Count => _definitions.Length;

    /// <summary>The attribute in a slot.</summary>
    /// <param name="slot">0 … <see cref="Count"/> − 1.</param>
    public AttributeDefinition this[int slot] => _definitions[slot];

    /// <summary>All attributes in the order of their slots.</summary>
    public IReadOnlyList<AttributeDefinition> Definitions => _definitions;

    /// <summary>Finds the slot of a name.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="slot">Its slot.</param>
    /// <returns>False if nobody declared it.</returns>
    public bool TryGetSlot(string name, out int slot) => _slots.TryGetValue(name, out slot);

    /// <summary>Finds the slot of a name without allocating.</summary>
    /// <param name="utf8Name">The attribute's name in UTF-8.</param>
    /// <param name="slot">Its slot.</param>
    /// <returns>False if nobody declared it.</returns>
    public bool TryGetSlot(ReadOnlySpan<byte> utf8Name, out int slot) => _utf8Slots.TryGetValue(utf8Name, out slot);

    /// <summary>The slot of the attribute whose name is a word, or <see cref="NoSlot"/>.</summary>
    /// <param name="word">1 … the count of <see cref="WordList.Standard"/>.</param>
    public int SlotOfWord(int word) => _slotByWord[word];

    /// <summary>This vocabulary with more attributes; slots of the existing ones stay. Declaring one again with the same type changes nothing.</summary>
    /// <param name="more">The attributes to add.</param>
    /// <exception cref="ArgumentException">One is already declared with another type.</exception>
    public Vocabulary With(IEnumerable<AttributeDefinition> more)
    {
        var definitions = new List<AttributeDefinition>(_definitions);
        var types = _definitions.ToDictionary(definition => definition.Name, definition => definition.Type, StringComparer.Ordinal);
        foreach (AttributeDefinition definition in more)
        {
            if (types.TryAdd(definition.Name, definition.Type))
            {
                definitions.Add(definition);
            }
            else if (types[definition.Name] != definition.Type)
            {
                throw new ArgumentException(
                    $"{definition.Name} is already declared as {types[definition.Name].Name()}, not {definition.Type.Name()}.", nameof(more));
            }
        }

        return definitions.Count == _definitions.Length ? this : new Vocabulary([.. definitions]);
    }

    private static AttributeDefinition ParseLine(string line)
    {
        string[] parts = line.Split(' ');
        return AttributeTypes.TryParse(parts[1], out AttributeType type)
            ? new AttributeDefinition(parts[0], type)
            : throw new InvalidOperationException($"attributes.txt: '{line}' names no type.");
    }
}
