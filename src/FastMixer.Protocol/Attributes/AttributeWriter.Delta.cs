using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Attributes;

/// <content>What differs from the record before: records of a report are sent as that.</content>
public sealed partial class AttributeWriter
{
    /// <summary>
    /// Writes only what differs from the record before: new and changed values, and a nil for what is gone (protocol.md, section 3, report).
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="previous">The record before; names in it must be written for the same word count.</param>
    /// <param name="inherited">The connection's base attributes: an attribute that is no longer set here has their value again.</param>
    public void WriteDeltaTo(ref WireWriter writer, AttributeWriter previous, AttributeWriter? inherited = null)
    {
        writer.WriteMapHeader(CountMissing(previous, this, sameValue: true) + CountMissing(this, previous, sameValue: false));
        foreach (ref readonly Entry entry in _entries.AsSpan(0, Count))
        {
            if (!previous.Has(this, entry, sameValue: true))
            {
                writer.WriteRaw(Bytes(entry));
            }
        }

        foreach (ref readonly Entry entry in previous._entries.AsSpan(0, previous.Count))
        {
            if (Has(previous, entry, sameValue: false))
            {
                continue;
            }

            // Nothing on the wire says "as in the base", so its value is said again.
            writer.WriteRaw(previous.Name(entry));
            if (inherited is not null && inherited.TryFind(previous.Name(entry), out Entry original))
            {
                writer.WriteRaw(inherited.Value(original));
            }
            else
            {
                writer.WriteNil();
            }
        }
    }

    private ReadOnlySpan<byte> Bytes(in Entry entry) => _encoded.Written[entry.Start..entry.End];

    private ReadOnlySpan<byte> Value(in Entry entry) => _encoded.Written[entry.ValueStart..entry.End];

    private ReadOnlySpan<byte> Name(in Entry entry) => _encoded.Written[entry.Start..entry.ValueStart];

    private static int CountMissing(AttributeWriter from, AttributeWriter entriesOf, bool sameValue)
    {
        int count = 0;
        foreach (ref readonly Entry entry in entriesOf._entries.AsSpan(0, entriesOf.Count))
        {
            count += from.Has(entriesOf, entry, sameValue) ? 0 : 1;
        }

        return count;
    }

    private bool Has(AttributeWriter other, in Entry wanted, bool sameValue) =>
        TryFind(other.Name(wanted), out Entry found) && (!sameValue || Value(found).SequenceEqual(other.Value(wanted)));

    private bool TryFind(ReadOnlySpan<byte> name, out Entry found)
    {
        foreach (ref readonly Entry entry in _entries.AsSpan(0, Count))
        {
            if (Name(entry).SequenceEqual(name))
            {
                found = entry;
                return true;
            }
        }

        found = default;
        return false;
    }
}
