using System.Numerics;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Policy.Language.References;

/// <summary>A look-up that was made.</summary>
/// <param name="slot">The attribute's slot.</param>
/// <param name="hasKey">Whether it is about one key of a map.</param>
/// <param name="key">The key, UTF-8.</param>
/// <param name="present">Whether something was found.</param>
public readonly ref struct Reference(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
{
    /// <summary>The attribute's slot.</summary>
    public int Slot { get; } = slot;

    /// <summary>Whether it is about one key of a map.</summary>
    public bool HasKey { get; } = hasKey;

    /// <summary>The key, UTF-8; valid until the recorder is reset.</summary>
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>Whether something was found: its value counts. Else its absence does.</summary>
    public bool Present { get; } = present;
}

/// <summary>
/// Which look-ups an evaluation made, and what they found: the referenced attributes of a verdict. Reused; belongs to one thread at a time; no
/// allocation once grown. A look-up is noted once, however often it is made.
/// </summary>
public sealed class ReferenceRecorder : IDisposable
{
    private readonly PooledBuffer _keys = new();
    private ulong[] _present = [];
    private ulong[] _absent = [];
    private Computed[] _computed = new Computed[4];
    private int _computedCount;

    /// <summary>The look-ups that have a bit.</summary>
    public ReferenceTable? Table { get; private set; }

    /// <summary>How many look-ups are noted.</summary>
    public int Count
    {
        get
        {
            int count = _computedCount;
            for (int i = 0; i < _present.Length; i++)
            {
                count += BitOperations.PopCount(_present[i]) + BitOperations.PopCount(_absent[i]);
            }

            return count;
        }
    }

    /// <summary>Forgets everything.</summary>
    /// <param name="table">The look-ups of the snapshot that is about to be evaluated.</param>
    public void Reset(ReferenceTable table)
    {
        int words = (table.Count + 63) / 64;
        if (words != _present.Length)
        {
            _present = new ulong[words];
            _absent = new ulong[words];
        }
        else
        {
            Array.Clear(_present);
            Array.Clear(_absent);
        }

        Table = table;
        _computedCount = 0;
        _keys.Reset();
    }

    /// <summary>Lets go of the table; to be reset before it is used again.</summary>
    public void Release() => Table = null;

    /// <summary>Notes all that another recorder has noted: the union.</summary>
    /// <param name="other">A recorder of the same table.</param>
    public void Merge(ReferenceRecorder other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Table, Table, nameof(other));
        for (int i = 0; i < _present.Length; i++)
        {
            _present[i] |= other._present[i];
            _absent[i] |= other._absent[i];
        }

        foreach (ref readonly Computed computed in other._computed.AsSpan(0, other._computedCount))
        {
            NoteComputed(computed.Slot, computed.HasKey, other._keys.Written.Slice(computed.KeyOffset, computed.KeyLength), computed.Present);
        }
    }

    /// <summary>Takes the state of another recorder: to go back to a moment, copy it aside then and from there now.</summary>
    /// <param name="other">Any recorder that was reset once.</param>
    public void CopyFrom(ReferenceRecorder other)
    {
        Reset(other.Table ?? throw new InvalidOperationException("The other recorder has no table: reset it first."));
        Merge(other);
    }

    /// <summary>Notes a look-up that was made for the same request elsewhere.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="hasKey">Whether it is about one key of a map.</param>
    /// <param name="key">The key, UTF-8; ignored otherwise.</param>
    /// <param name="present">Whether something was found.</param>
    public void Note(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        if (!hasKey && Table!.TryFind(slot, out int index))
        {
            Note(index, present);
        }
        else
        {
            NoteComputed(slot, hasKey, key, present);
        }
    }

    /// <summary>Walks the noted look-ups: <c>foreach (Reference reference in recorder)</c>.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _keys.Dispose();

    /// <summary>Notes a look-up of the table.</summary>
    internal void Note(int index, bool present) => (present ? _present : _absent)[index >> 6] |= 1ul << index;

    /// <summary>Takes a look-up of the table back.</summary>
    /// <returns>Whether it was noted.</returns>
    internal bool Forget(int index)
    {
        ulong bit = 1ul << index;
        int word = index >> 6;
        bool noted = ((_present[word] | _absent[word]) & bit) != 0;
        _present[word] &= ~bit;
        _absent[word] &= ~bit;
        return noted;
    }

    /// <summary>Takes the look-ups of computed keys of a map back.</summary>
    /// <returns>Whether there were any.</returns>
    internal bool ForgetComputed(int slot)
    {
        int kept = 0;
        for (int i = 0; i < _computedCount; i++)
        {
            if (_computed[i].Slot != slot)
            {
                _computed[kept++] = _computed[i];
            }
        }

        bool noted = kept < _computedCount;
        _computedCount = kept;
        return noted;
    }

    /// <summary>Notes a look-up of a key that was computed.</summary>
    internal void NoteComputed(int slot, ReadOnlySpan<byte> key, bool present) => NoteComputed(slot, hasKey: true, key, present);

    private void NoteComputed(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        if (hasKey && Table!.TryFind(slot, key, out int index))
        {
            Note(index, present);
            return;
        }

        foreach (ref readonly Computed known in _computed.AsSpan(0, _computedCount))
        {
            if (known.Slot == slot && known.HasKey == hasKey && key.SequenceEqual(_keys.Written.Slice(known.KeyOffset, known.KeyLength)))
            {
                return;
            }
        }

        if (_computedCount == _computed.Length)
        {
            Array.Resize(ref _computed, _computedCount * 2);
        }

        _computed[_computedCount++] = new Computed(slot, hasKey, _keys.Length, key.Length, present);
        _keys.Write(key);
    }

    /// <summary>A walk over the noted look-ups.</summary>
    /// <param name="recorder">Must not change during the walk.</param>
    public ref struct Enumerator(ReferenceRecorder recorder)
    {
        private int _next = 0;

        /// <summary>The look-up at hand.</summary>
        public Reference Current { get; private set; } = default;

        /// <summary>Goes to the next look-up.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            int count = recorder.Table!.Count;
            while (_next < count)
            {
                int index = _next++;
                ulong bit = 1ul << index;
                bool present = (recorder._present[index >> 6] & bit) != 0;
                if (present || (recorder._absent[index >> 6] & bit) != 0)
                {
                    ReferenceEntry entry = recorder.Table[index];
                    Current = new Reference(entry.Slot, entry.Key is not null, entry.Key, present);
                    return true;
                }
            }

            if (_next - count >= recorder._computedCount)
            {
                return false;
            }

            ref readonly Computed computed = ref recorder._computed[_next++ - count];
            Current = new Reference(
                computed.Slot, computed.HasKey, recorder._keys.Written.Slice(computed.KeyOffset, computed.KeyLength), computed.Present);
            return true;
        }
    }

    private readonly record struct Computed(int Slot, bool HasKey, int KeyOffset, int KeyLength, bool Present);
}
