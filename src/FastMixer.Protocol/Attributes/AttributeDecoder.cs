using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using MessagePack;

namespace FastMixer.Protocol.Attributes;

/// <summary>
/// Reads a map of attributes (protocol.md, section 5) from the body that a bag holds into that bag: values of selected attributes as
/// slices, everything else checked for its type and passed over.
/// </summary>
internal static class AttributeDecoder
{
    /// <summary>The arrays and maps open around a value of a hello or check: the message, the attributes.</summary>
    public const int ValueDepth = 2;

    /// <summary>The arrays and maps open around a value of a report: the message, its records, the attributes.</summary>
    public const int ReportValueDepth = 3;

    /// <summary>Reads one map; a nil removes.</summary>
    /// <param name="reader">At the map's header, over the bag's own body.</param>
    /// <param name="bag">Where the values go.</param>
    /// <param name="limits">What is accepted.</param>
    /// <param name="wordCount">How many words the peer may use.</param>
    /// <param name="allowNil">Whether something can be inherited, and so removed.</param>
    /// <param name="depth">How many arrays and maps are open around a value.</param>
    /// <returns>False with the reader's fault set; the bag may then hold a part.</returns>
    public static bool TryDecode(
        ref WireReader reader, AttributeBag bag, ProtocolLimits limits, int wordCount, bool allowNil, int depth = ValueDepth)
    {
        if (!reader.TryReadMapHeader(out int count))
        {
            return false;
        }

        if (count > limits.MaxAttributes)
        {
            return reader.Fail(ErrorCode.LimitExceeded, $"a map may hold {limits.MaxAttributes} attributes (limit 3)");
        }

        Vocabulary vocabulary = bag.Selection.Vocabulary;
        Span<ulong> seen = stackalloc ulong[(vocabulary.Count + 63) / 64];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadName(ref reader, vocabulary, limits, wordCount, out int slot))
            {
                return false;
            }

            if (slot == Vocabulary.NoSlot)
            {
                if (!reader.TrySkip(depth))
                {
                    return false;
                }

                continue;
            }

            ref ulong word = ref seen[slot >> 6];
            if ((word & (1ul << slot)) != 0)
            {
                return reader.Fail(ErrorCode.DuplicateAttribute, "stands twice in one map", vocabulary[slot].Name);
            }

            word |= 1ul << slot;
            if (!TryReadValue(ref reader, bag, slot, limits, wordCount, allowNil, depth))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadName(ref WireReader reader, Vocabulary vocabulary, ProtocolLimits limits, int wordCount, out int slot)
    {
        slot = Vocabulary.NoSlot;
        if (reader.NextType == MessagePackType.Integer)
        {
            if (!TryReadWord(ref reader, wordCount, null, out int word))
            {
                return false;
            }

            slot = vocabulary.SlotOfWord(word);
            return true;
        }

        if (!reader.TryReadString(limits.MaxNameBytes, out ReadOnlySpan<byte> name))
        {
            return false;
        }

        slot = vocabulary.TryGetSlot(name, out int found) ? found : Vocabulary.NoSlot;
        return true;
    }

    private static bool TryReadValue(
        ref WireReader reader, AttributeBag bag, int slot, ProtocolLimits limits, int wordCount, bool allowNil, int depth)
    {
        AttributeDefinition definition = bag.Selection.Vocabulary[slot];
        if (allowNil && reader.TryReadNil())
        {
            bag.Remove(slot);
            return true;
        }

        if (!IsOfType(ref reader, definition.Type))
        {
            return FailType(ref reader, definition, depth);
        }

        // A format of any length is passed over unread where nobody wants it; of the others reading is the check.
        if (!bag.Selection.Contains(slot) && HasAnyLength(definition.Type))
        {
            return reader.TrySkip(depth);
        }

        switch (definition.Type)
        {
            case AttributeType.Int64:
                return reader.TryReadInt64(out long integer) && Set(bag, slot, integer);
            case AttributeType.Double:
                return reader.TryReadDouble(out double number) && Set(bag, slot, BitConverter.DoubleToInt64Bits(number));
            case AttributeType.Bool:
                return reader.TryReadBool(out bool flag) && Set(bag, slot, flag ? 1 : 0);
            case AttributeType.Bytes:
                return reader.TryReadBytes(limits.MaxValueBytes, out ReadOnlySpan<byte> bytes)
                    && Set(bag, slot, Slice.InBody(reader.Position - bytes.Length, bytes.Length));
            case AttributeType.StringMap:
                return TryReadMap(ref reader, bag, slot, definition.Name, limits, wordCount);
            case AttributeType.Timestamp or AttributeType.Duration or AttributeType.IpAddress:
                return TryReadExtensionValue(ref reader, bag, slot, definition);
            default:
                return TryReadText(ref reader, bag, slot, definition.Name, limits, wordCount);
        }
    }

    private static bool Set(AttributeBag bag, int slot, long value)
    {
        if (bag.Selection.Contains(slot))
        {
            bag.SetScalar(slot, value);
        }

        return true;
    }

    private static bool HasAnyLength(AttributeType type) => type.IsText() || type is AttributeType.Bytes or AttributeType.StringMap;

    // What is no value at all, or cut short, is malformed before it is of a wrong type.
    private static bool FailType(ref WireReader reader, AttributeDefinition definition, int depth)
    {
        WireReader ahead = reader;
        if (!ahead.TrySkip(depth))
        {
            reader = ahead;
            return false;
        }

        return reader.Fail(ErrorCode.WrongType, WireFormat.Expected(definition.Type), definition.Name);
    }

    private static bool IsOfType(ref WireReader reader, AttributeType type)
    {
        MessagePackType found = reader.NextType;
        switch (type)
        {
            case AttributeType.Int64:
                return found == MessagePackType.Integer && !reader.NextExceedsInt64;
            case AttributeType.Double:
                return found == MessagePackType.Float;
            case AttributeType.Bool:
                return found == MessagePackType.Boolean;
            case AttributeType.Bytes:
                return found == MessagePackType.Binary;
            case AttributeType.StringMap:
                return found == MessagePackType.Map;
            case AttributeType.Timestamp:
                return reader.TryPeekExtension(out sbyte ext) && ext == WireFormat.TimestampExtension;
            case AttributeType.Duration:
                return reader.TryPeekExtension(out ext) && ext == WireFormat.DurationExtension;
            case AttributeType.IpAddress:
                return reader.TryPeekExtension(out ext) && ext == WireFormat.IpAddressExtension;
            default:
                return found == MessagePackType.String || (reader.TryPeekExtension(out ext) && ext == WireFormat.WordExtension);
        }
    }

    private static bool TryReadText(
        ref WireReader reader, AttributeBag bag, int slot, string name, ProtocolLimits limits, int wordCount)
    {
        if (reader.NextType == MessagePackType.String)
        {
            if (!reader.TryReadString(limits.MaxValueBytes, out ReadOnlySpan<byte> text))
            {
                return false;
            }

            bag.SetSlice(slot, reader.Position - text.Length, text.Length);
            return true;
        }

        if (!reader.TryReadExtension(out _, out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        if (payload.Length is not (1 or 2 or 4))
        {
            return reader.Fail(ErrorCode.WrongType, "expected a word, an ext of type 1 with 1, 2 or 4 bytes", name);
        }

        long word = 0;
        foreach (byte b in payload)
        {
            word = (word << 8) | b;
        }

        if (!WordList.Standard.Contains(word, wordCount))
        {
            return reader.Fail(ErrorCode.UnknownWord, UnknownWord(wordCount), name);
        }

        bag.SetWord(slot, (int)word);
        return true;
    }

    private static bool TryReadExtensionValue(ref WireReader reader, AttributeBag bag, int slot, AttributeDefinition definition)
    {
        if (!reader.TryReadExtension(out _, out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        long value = 0;
        bool valid = definition.Type switch
        {
            AttributeType.Timestamp => TimestampFormat.TryDecode(payload, out value),
            AttributeType.Duration => payload.Length == sizeof(long),
            _ => payload.Length is 4 or 16,
        };
        if (!valid)
        {
            return reader.Fail(ErrorCode.WrongType, WireFormat.Expected(definition.Type), definition.Name);
        }

        return Set(bag, slot, definition.Type switch
        {
            AttributeType.Timestamp => value,
            AttributeType.Duration => WireReader.BigEndian(payload),
            _ => Slice.InBody(reader.Position - payload.Length, payload.Length),
        });
    }

    private static bool TryReadMap(ref WireReader reader, AttributeBag bag, int slot, string name, ProtocolLimits limits, int wordCount)
    {
        if (!reader.TryReadMapHeader(out int count))
        {
            return false;
        }

        if (count > limits.MaxMapEntries)
        {
            return reader.Fail(ErrorCode.LimitExceeded, $"a string map may hold {limits.MaxMapEntries} entries (limit 4)", name);
        }

        Span<MapEntry> entries = bag.BeginMap(slot, count);
        for (int i = 0; i < count; i++)
        {
            if (!TryReadMapText(ref reader, name, limits, wordCount, out entries[i].Key)
                || !TryReadMapText(ref reader, name, limits, wordCount, out entries[i].Value))
            {
                return false;
            }
        }

        return !MapKeys.HasDuplicate(bag, entries) || reader.Fail(ErrorCode.DuplicateAttribute, "has a key twice", name);
    }

    private static bool TryReadMapText(ref WireReader reader, string name, ProtocolLimits limits, int wordCount, out long slice)
    {
        slice = 0;
        switch (reader.NextType)
        {
            case MessagePackType.Integer:
                if (!TryReadWord(ref reader, wordCount, name, out int word))
                {
                    return false;
                }

                slice = Slice.OfWord(word);
                return true;
            case MessagePackType.String:
                if (!reader.TryReadString(limits.MaxValueBytes, out ReadOnlySpan<byte> text))
                {
                    return false;
                }

                slice = Slice.InBody(reader.Position - text.Length, text.Length);
                return true;
            case MessagePackType.Unknown:
                return reader.Fail(ErrorCode.Malformed, "the body ends inside a string map", name);
            default:
                return reader.Fail(ErrorCode.WrongType, "keys and values of a STRING_MAP are str or words (uint)", name);
        }
    }

    private static bool TryReadWord(ref WireReader reader, int wordCount, string? name, out int word)
    {
        word = 0;
        if (!reader.TryReadIndex(out long index))
        {
            return false;
        }

        if (!WordList.Standard.Contains(index, wordCount))
        {
            return reader.Fail(ErrorCode.UnknownWord, UnknownWord(wordCount), name);
        }

        word = (int)index;
        return true;
    }

    private static string UnknownWord(int wordCount) => $"a word is 1 to {wordCount} here";
}
