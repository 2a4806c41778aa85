namespace FastMixer.Protocol.Attributes;

/// <summary>
/// The attributes of a vocabulary that somebody reads. A bag stores these and skips the rest. Immutable; any thread may read it.
/// </summary>
public sealed class AttributeSelection
{
    private readonly bool[] _selected;

    /// <summary>Selects some attributes.</summary>
    /// <param name="vocabulary">The vocabulary that declares them.</param>
    /// <param name="slots">The slots that are read.</param>
    public AttributeSelection(Vocabulary vocabulary, IEnumerable<int> slots)
    {
        Vocabulary = vocabulary;
        _selected = new bool[vocabulary.Count];
        foreach (int slot in slots)
        {
            _selected[slot] = true;
        }
    }

    /// <summary>The vocabulary selected from.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>All attributes of a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    public static AttributeSelection All(Vocabulary vocabulary) => new(vocabulary, Enumerable.Range(0, vocabulary.Count));

    /// <summary>Whether a slot is read.</summary>
    /// <param name="slot">A slot of <see cref="Vocabulary"/>.</param>
    public bool Contains(int slot) => _selected[slot];
}
