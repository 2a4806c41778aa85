using System.Collections;

namespace FastMixer.Policy.Rules;

/// <summary>Two lists as one, without a copy. Immutable if they are.</summary>
internal sealed class Concatenation<T>(IReadOnlyList<T> first, IReadOnlyList<T> second) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => first.Count + second.Count;

    /// <inheritdoc/>
    public T this[int index] => index < first.Count ? first[index] : second[index - first.Count];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => first.Concat(second).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
