using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.Report;

/// <summary>All that a run found.</summary>
internal sealed record LoadReport
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>The server.</summary>
    public required Target Server { get; init; }

    /// <summary>What the server calls itself.</summary>
    public required string Software { get; init; }

    /// <summary>Bytes of the answer to the first check.</summary>
    public required int AnswerBytes { get; init; }

    /// <summary>Where the processes ran.</summary>
    public required string Placement { get; init; }

    /// <summary>The rounds of the server.</summary>
    public required IReadOnlyList<RoundResult> ServerRounds { get; init; }

    /// <summary>The rounds of the floor; empty if it was not measured.</summary>
    public required IReadOnlyList<RoundResult> FloorRounds { get; init; }

    /// <summary>What all rounds of the server saw together.</summary>
    public Measurement Total
    {
        get
        {
            var total = new Measurement();
            foreach (var round in ServerRounds)
            {
                total.Add(round.Measurement);
            }

            return total;
        }
    }

    /// <summary>The mean bytes on the wire of the answers that were measured.</summary>
    public double MeanAnswerBytes(Measurement total) => total.Verdicts == 0
        ? 0
        : ((double)total.VerdictBytes / total.Verdicts) + (Server.Address.Framed ? Wire.MessageFrame.PrefixBytes : 0);
}
