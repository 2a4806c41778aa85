using FastMixer.Client.Attributes;

namespace FastMixer.Client;

/// <summary>
/// What a proxy links to ask a fleet of FastMixer servers for verdicts and to hand them reports. One client serves a whole process; any thread may call any member.
/// </summary>
public sealed class MixerClient
{
    private readonly AttributeSpace _space;

    /// <summary>A client.</summary>
    /// <param name="options">Which servers, and how.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which, and the range.</exception>
    public MixerClient(MixerClientOptions options) => _space = new AttributeSpace(options);

    /// <summary>The key of an attribute, to be kept and used for many requests.</summary>
    /// <param name="name">An attribute of the standard vocabulary, or of <see cref="MixerClientOptions.Attributes"/>.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public AttributeKey Key(string name) => _space.Key(name);

    /// <summary>Attributes to fill for one request, to be given back by <see cref="RequestAttributes.Dispose"/>. Allocates only while more are out than ever before.</summary>
    /// <param name="prepared">What they start from; null for the client's base alone.</param>
    public RequestAttributes Rent(PreparedAttributes? prepared = null) => _space.Rent(prepared);
}
