using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Report;

/// <summary>All that a run found.</summary>
internal sealed record LoadReport
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>The check that was sent.</summary>
    public required CheckTemplate Check { get; init; }

    /// <summary>What the server calls itself.</summary>
    public required string Software { get; init; }

    /// <summary>Bytes of the answer to the first check.</summary>
    public required int AnswerBytes { get; init; }

    /// <summary>Where the processes ran.</summary>
    public required string Placement { get; init; }

    /// <summary>The server, and behind it the floor if it was measured.</summary>
    public required IReadOnlyList<Side> Sides { get; init; }

    /// <summary>The server.</summary>
    public Side Server => Sides[0];

    /// <summary>The floor, or null.</summary>
    public Side? Floor => Sides.ElementAtOrDefault(1);

    /// <summary>The mean bytes on the wire of the answers that were measured.</summary>
    public double MeanAnswerBytes(Measurement total) => total.Verdicts == 0
        ? 0
        : ((double)total.VerdictBytes / total.Verdicts) + (Server.Target.Address.Framed ? MessageFrame.PrefixBytes : 0);
}
