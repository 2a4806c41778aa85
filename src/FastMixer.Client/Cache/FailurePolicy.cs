using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Cache;

/// <summary>What becomes of checks that nobody answers: by destination, else by default. Immutable.</summary>
internal sealed class FailurePolicy
{
    // Its value names the destination.
    private const string DestinationAttribute = "destination.service.name";

    private readonly int _destinationSlot;
    private readonly FailureMode _usual;
    private readonly IReadOnlyDictionary<string, FailureMode> _ofDestinations;

    /// <summary>What the options say.</summary>
    /// <param name="options">The options.</param>
    /// <param name="vocabulary">What slots mean.</param>
    public FailurePolicy(MixerClientOptions options, Vocabulary vocabulary)
    {
        _usual = options.WhenUnavailable;
        _ofDestinations = options.WhenUnavailableFor;
        vocabulary.TryGetSlot(DestinationAttribute, out _destinationSlot);
    }

    /// <summary>What becomes of a request.</summary>
    /// <param name="bag">Its attributes.</param>
    public FailureMode For(AttributeBag bag) =>
        _ofDestinations.Count > 0
        && bag.TryGetBytes(_destinationSlot, out ReadOnlySpan<byte> destination)
        && _ofDestinations.TryGetValue(Encoding.UTF8.GetString(destination), out FailureMode mode)
            ? mode
            : _usual;

    /// <summary>The answer then.</summary>
    /// <param name="mode">What becomes of the request.</param>
    /// <param name="cause">Why nobody answers.</param>
    public static CheckResult Result(FailureMode mode, MixerException cause) => mode == FailureMode.Open
        ? new CheckResult(StatusCode.Ok, CheckOrigin.Unavailable, VerdictText.None)
        : new CheckResult(StatusCode.Unavailable, CheckOrigin.Unavailable, new VerdictText(cause.Message, RouteDirective.None));
}
