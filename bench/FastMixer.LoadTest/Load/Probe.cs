using FastMixer.LoadTest.Dialects;
using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Load;

/// <summary>What one hello and one check tell of a server before it is measured.</summary>
/// <param name="Welcome">What it says of itself.</param>
/// <param name="AnswerBytes">What a verdict weighs on the wire.</param>
internal sealed record Probe(Welcome Welcome, int AnswerBytes)
{
    /// <summary>Asks a server.</summary>
    public static Probe Ask(ServerAddress address, CheckTemplate check, TimeSpan timeout)
    {
        using var connection = FastMixerDialect.OpenSilently(address, timeout, check.Length, depth: 1);
        return new Probe(Handshake.Greet(connection), Handshake.AskCheck(connection, check));
    }
}
