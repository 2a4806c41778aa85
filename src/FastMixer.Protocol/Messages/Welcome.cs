using System.Text;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>The answer to a hello. Immutable.</summary>
/// <param name="Version">The version that both will speak.</param>
/// <param name="Software">The server's name and version.</param>
/// <param name="Instance">Differs for each started server process.</param>
/// <param name="WordCount">How many words the server knows.</param>
/// <param name="Limits">What the server accepts.</param>
public sealed record Welcome(int Version, string Software, string Instance, int WordCount, ProtocolLimits Limits)
{
    /// <summary>How many elements must follow the id.</summary>
    public const int Elements = 5;

    private const int ElementsWithPolicy = 6;
    private const int MaxTextBytes = 256;
    private const string Shape = "a welcome is [2, id, version, software, instance, word count, limits, policy]";

    /// <summary>The digest of the policy that verdicts come from, the same at each server that runs it; 0 if the server does not tell.</summary>
    public ulong Policy { get; init; }

    /// <summary>Writes a welcome. Allocates: it happens once a connection.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The hello's id.</param>
    public void Write(ref WireWriter writer, uint id)
    {
        MessageHeader.Write(ref writer, MessageKind.Welcome, id, Policy == 0 ? Elements : ElementsWithPolicy);
        writer.Write(Version);
        writer.WriteString(Encoding.UTF8.GetBytes(Software));
        writer.WriteString(Encoding.UTF8.GetBytes(Instance));
        writer.Write(WordCount);
        IReadOnlyList<KeyValuePair<int, long>> numbers = Limits.ToNumbers();
        writer.WriteMapHeader(numbers.Count);
        foreach ((int number, long value) in numbers)
        {
            writer.Write(number);
            writer.Write(value);
        }

        if (Policy != 0)
        {
            writer.Write(Policy);
        }
    }

    /// <summary>Reads the elements behind the header. Allocates: it happens once a connection.</summary>
    /// <param name="reader">Behind the header.</param>
    /// <param name="header">The header.</param>
    /// <param name="welcome">The welcome.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, MessageHeader header, out Welcome? welcome)
    {
        welcome = null;
        if (!header.Require(ref reader, Elements, Shape)
            || !reader.TryReadUInt32(out uint version)
            || !reader.TryReadString(MaxTextBytes, out ReadOnlySpan<byte> software)
            || !reader.TryReadString(MaxTextBytes, out ReadOnlySpan<byte> instance)
            || !reader.TryReadUInt32(out uint wordCount)
            || !reader.TryReadMapHeader(out int count))
        {
            return false;
        }

        ProtocolLimits limits = ProtocolLimits.Default;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt64(out long number) || !reader.TryReadInt64(out long value))
            {
                return false;
            }

            limits = limits.WithNumber(number, value);
        }

        ulong policy = 0;
        if (header.Elements >= ElementsWithPolicy && !reader.TryReadUInt64(out policy))
        {
            return false;
        }

        welcome = new Welcome(
            (int)Math.Min(version, int.MaxValue),
            Encoding.UTF8.GetString(software),
            Encoding.UTF8.GetString(instance),
            (int)Math.Min(wordCount, int.MaxValue),
            limits)
        {
            Policy = policy,
        };
        return header.TryReadEnd(ref reader, ElementsWithPolicy, padded: true);
    }
}
