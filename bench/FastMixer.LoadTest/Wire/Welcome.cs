using MessagePack;

namespace FastMixer.LoadTest.Wire;

/// <summary>What a server says of itself.</summary>
/// <param name="Software">Its name and version.</param>
/// <param name="MaxInFlight">Requests it takes in flight on a connection.</param>
internal sealed record Welcome(string Software, int MaxInFlight)
{
    private const int DefaultMaxInFlight = 1024;
    private const uint InFlightLimit = 8;

    /// <summary>Decodes the body of a welcome.</summary>
    public static Welcome Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        var count = reader.ReadArrayHeader();
        if (count < 7)
        {
            throw new LoadTestException($"the server's welcome has {count} elements, version 1 has 7");
        }

        reader.Skip(); // kind
        reader.Skip(); // id
        reader.Skip(); // version
        var software = reader.ReadString() ?? "";
        reader.Skip(); // instance
        reader.Skip(); // word count
        var inFlight = (ulong)DefaultMaxInFlight;
        for (var entries = reader.ReadMapHeader(); entries > 0; entries--)
        {
            var number = reader.ReadUInt32();
            var limit = reader.ReadUInt64();
            inFlight = number is InFlightLimit ? limit : inFlight;
        }

        return new Welcome(software, (int)Math.Clamp(inFlight, 1, int.MaxValue));
    }
}
