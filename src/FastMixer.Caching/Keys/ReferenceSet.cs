using System.IO.Hashing;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Caching.Keys;

/// <summary>What became of a key that was to be written.</summary>
public enum KeyResult
{
    /// <summary>It is written.</summary>
    Written,

    /// <summary>The request has something that the set wants absent, or lacks something that it wants present: no entry of the set can be for it.</summary>
    Mismatch,

    /// <summary>It is longer than the destination.</summary>
    TooLong,
}

/// <summary>
/// The exact look-ups that some verdicts depended on: the recipe for their keys. Two requests have the same key of a set just if they agree in all that the
/// set looks up, found and not found. Immutable but for its <see cref="Usage"/>; any thread may use it.
/// </summary>
public sealed class ReferenceSet
{
    private readonly ReferencePart[] _parts;
    private readonly byte[][] _names;
    private readonly byte[] _encoded;
    private readonly int _greatestWord;
    private readonly long _signature;

    internal ReferenceSet(uint id, UInt128 fingerprint, ReferencePart[] parts, Vocabulary vocabulary)
    {
        Id = id;
        Fingerprint = fingerprint;
        Vocabulary = vocabulary;
        _parts = parts;
        _names = [.. parts.Select(part => Encoding.UTF8.GetBytes(vocabulary[part.Slot].Name))];
        _encoded = Encode(WordList.Standard.Count);
        _greatestWord = Texts.Select(text => WordList.Standard.IndexOf(text)).DefaultIfEmpty().Max();
        _signature = (long)XxHash3.HashToUInt64(Signature());
        Usage = new SetUsage(parts);
    }

    /// <summary>Its number: part of every key, and never another set's.</summary>
    public uint Id { get; }

    /// <summary>What slots mean.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The look-ups, in an order of their own.</summary>
    public IReadOnlyList<ReferencePart> Parts => _parts;

    /// <summary>How many look-ups there are.</summary>
    public int Count => _parts.Length;

    /// <summary>What came of it.</summary>
    public SetUsage Usage { get; }

    /// <summary>Where it stands in the index of its directory at the moment; another thread may move it.</summary>
    internal int Ordinal { get; set; }

    private IEnumerable<byte[]> Texts => _names.Concat(_parts.Select(part => part.Key).OfType<byte[]>());

    /// <summary>The sum of the fingerprints of its look-ups.</summary>
    internal UInt128 Fingerprint { get; }

    /// <summary>Whether a look-up with just this outcome is among them. No allocation.</summary>
    /// <param name="slot">The attribute's slot.</param>
    /// <param name="hasKey">Whether it is about one key of a map.</param>
    /// <param name="key">The key, UTF-8; ignored otherwise.</param>
    /// <param name="present">Whether something was found.</param>
    public bool Contains(int slot, bool hasKey, ReadOnlySpan<byte> key, bool present)
    {
        int low = 0;
        int high = _parts.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _parts[middle].CompareTo(slot, hasKey, key, present);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    /// <summary>Writes the key of a request. No allocation.</summary>
    /// <param name="bag">The request, of the set's vocabulary.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="length">The key's bytes.</param>
    public KeyResult TryWriteKey(AttributeBag bag, Span<byte> destination, out int length)
    {
        var writer = new KeyWriter(destination);
        writer.WriteUInt32(Id);
        foreach (ReferencePart part in _parts)
        {
            if (!writer.TryWrite(part, bag))
            {
                length = 0;
                return KeyResult.Mismatch;
            }
        }

        length = writer.Length;
        return writer.IsTooLong ? KeyResult.TooLong : KeyResult.Written;
    }

    /// <summary>
    /// The same for a key in whatever process it is written, unlike the key itself, which begins with the set's <see cref="Id"/>; never 0. Attributes of the
    /// standard vocabulary stand in one order everywhere; that of others is their vocabulary's. No allocation.
    /// </summary>
    /// <param name="key">A key that this set has written.</param>
    public ulong Route(ReadOnlySpan<byte> key) => Math.Max(XxHash3.HashToUInt64(key[sizeof(uint)..], _signature), 1);

    /// <summary>Writes the look-ups as those of a verdict, without the header of their array (protocol.md, section 3). No allocation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    public void WriteReferences(ref WireWriter writer, int wordCount)
    {
        if (wordCount >= _greatestWord)
        {
            writer.WriteRaw(_encoded);
        }
        else
        {
            WriteEach(ref writer, wordCount);
        }
    }

    /// <summary>The index of the part that looks up the same, whatever it found; −1 if there is none.</summary>
    internal int IndexOf(ReferencePart lookup) => Array.FindIndex(_parts, part => part.LooksUpSameAs(lookup));

    /// <summary>Whether a look-up of the same is among them, whatever it found.</summary>
    internal bool LooksUp(ReferencePart lookup) => IndexOf(lookup) >= 0;

    private void WriteEach(ref WireWriter writer, int wordCount)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            ReferencePart part = _parts[i];
            ReferenceFlags flags = (part.IsPresent ? ReferenceFlags.Exact : ReferenceFlags.None)
                | (part.Key is null ? ReferenceFlags.None : ReferenceFlags.HasKey);
            VerdictWriter.WriteReference(ref writer, flags, _names[i], part.Key, wordCount);
        }
    }

    private byte[] Signature()
    {
        var signature = new List<byte>();
        for (int i = 0; i < _parts.Length; i++)
        {
            signature.AddRange(_names[i]);
            signature.Add((byte)((_parts[i].IsPresent ? 1 : 0) | (_parts[i].Key is null ? 0 : 2)));
            signature.AddRange(_parts[i].Key ?? []);
            signature.Add(0);
        }

        return [.. signature];
    }

    private byte[] Encode(int wordCount)
    {
        // An array's header, flags, and the headers of two texts.
        var bytes = new byte[(_parts.Length * 16) + Texts.Sum(text => text.Length)];
        var writer = new WireWriter(bytes, framed: false);
        WriteEach(ref writer, wordCount);
        return writer.TryComplete(out int length) ? bytes[..length] : throw new InvalidOperationException("A set of look-ups outgrew the room kept for it.");
    }
}
