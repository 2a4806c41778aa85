using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>What a test writes into a message.</summary>
internal delegate void Writing(ref WireWriter writer);

/// <summary>Bytes for tests.</summary>
internal static class Bytes
{
    /// <summary>What a writer wrote, without a length prefix.</summary>
    public static byte[] Of(Writing write, bool framed = false)
    {
        var buffer = new byte[2 * 1024 * 1024];
        var writer = new WireWriter(buffer, framed);
        write(ref writer);
        Assert.True(writer.TryComplete(out int written));
        return buffer[..written];
    }

    /// <summary>The bytes of a literal in hex; spaces are passed over.</summary>
    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
