using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Fleet;

/// <summary>
/// A check on its way to the servers: encoded once, with words that every server knows, and sent as often as it takes. Pooled; belongs to whoever rented it,
/// who leaves it as it is while a fleet works for it.
/// </summary>
internal sealed class CheckQuestion : IDisposable
{
    /// <summary>The map of the attributes beyond the base, header included: what streams carry, whose hello said the base.</summary>
    public PooledBuffer BeyondBase { get; } = new();

    /// <summary>The map of all attributes: what datagrams carry. Empty unless the options allow datagrams.</summary>
    public PooledBuffer Whole { get; } = new();

    /// <summary>The quotas to take.</summary>
    public IReadOnlyList<QuotaRequest> Quotas { get; set; } = [];

    /// <summary>The same for each sending, UTF-8, at most 64 bytes; empty for none.</summary>
    public ReadOnlyMemory<byte> DeduplicationId { get; set; }

    /// <summary>The same for questions that share a verdict, in whatever process they are asked: what leads to a server.</summary>
    public ulong Route { get; set; }

    /// <summary>When it is too late for an answer, as a timestamp of the client's clock.</summary>
    public long Deadline { get; set; }

    /// <summary>Forgets everything, keeping the memory.</summary>
    public void Reset()
    {
        BeyondBase.Reset();
        Whole.Reset();
        Quotas = [];
        DeduplicationId = default;
        Route = 0;
        Deadline = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        BeyondBase.Dispose();
        Whole.Dispose();
    }
}
