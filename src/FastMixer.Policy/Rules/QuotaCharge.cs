using System.Text;

namespace FastMixer.Policy.Rules;

/// <summary>What a request is charged of a quota that it does not name itself. Immutable.</summary>
/// <param name="Quota">The quota's name, without regard to case.</param>
/// <param name="Amount">How much, from 1.</param>
public sealed record QuotaCharge(string Quota, long Amount)
{
    /// <summary>The quota's name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Quota { get; } = Encoding.UTF8.GetBytes(Quota);
}
