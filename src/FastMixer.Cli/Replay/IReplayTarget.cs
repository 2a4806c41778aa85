using FastMixer.Client;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Replay;

/// <summary>
/// One connection that a replay asks over. Any thread may call it; attributes are encoded before a call returns its task.
/// </summary>
internal interface IReplayTarget
{
    /// <summary>Asks for a verdict.</summary>
    /// <param name="attributes">The request's attributes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MixerException">There is none.</exception>
    ValueTask<Verdict> CheckAsync(AttributeWriter attributes, CancellationToken cancellationToken);

    /// <summary>Hands over records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MixerException">There is no answer.</exception>
    ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken);
}

/// <summary>A connection to a server.</summary>
/// <param name="client">The client; the caller disposes it.</param>
internal sealed class ServerTarget(MixerConnection client) : IReplayTarget
{
    /// <inheritdoc/>
    public ValueTask<Verdict> CheckAsync(AttributeWriter attributes, CancellationToken cancellationToken) =>
        client.CheckAsync(attributes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<AttributeWriter> records, CancellationToken cancellationToken) =>
        client.ReportAsync(records, cancellationToken);
}
