namespace FastMixer.Policy.Rules.Index;

/// <summary>
/// Finds every one of many prefixes that a text begins with: by binary search for the last one not behind the text, then along the prefixes of
/// which it is itself a continuation. Every prefix of the text is met that way, since whatever sorts between a prefix and the text begins with
/// that prefix too. Immutable.
/// </summary>
internal sealed class PrefixTable<T>
{
    private const int None = -1;

    private readonly byte[][] _prefixes;
    private readonly T[] _values;
    private readonly int[] _parents;

    /// <summary>A table of distinct prefixes.</summary>
    public PrefixTable(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        KeyValuePair<byte[], T>[] sorted = [.. entries.OrderBy(entry => entry.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))];
        _prefixes = Array.ConvertAll(sorted, entry => entry.Key);
        _values = Array.ConvertAll(sorted, entry => entry.Value);
        _parents = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            int parent = i - 1;
            while (parent != None && !_prefixes[i].AsSpan().StartsWith(_prefixes[parent]))
            {
                parent = _parents[parent];
            }

            _parents[i] = parent;
        }
    }

    /// <summary>What belongs to the longest prefix that a text begins with. No allocation.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Where it stands, or −1 if the text begins with none.</returns>
    public int FindLongest(ReadOnlySpan<byte> text)
    {
        int low = 0;
        int high = _prefixes.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (text.SequenceCompareTo(_prefixes[middle]) < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        int found = low - 1;
        while (found != None && !text.StartsWith(_prefixes[found]))
        {
            found = _parents[found];
        }

        return found;
    }

    /// <summary>Where the next shorter prefix stands, or −1.</summary>
    /// <param name="index">Where a prefix stands.</param>
    public int FindShorter(int index) => _parents[index];

    /// <summary>What belongs to a prefix.</summary>
    /// <param name="index">Where it stands.</param>
    public T this[int index] => _values[index];
}
