using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Reports;

/// <summary>A report that waits for a worker: its bytes, checked already, and what is needed to read them again. Pooled.</summary>
internal sealed class ReportMessage : IDisposable
{
    /// <summary>The message's body.</summary>
    public PooledBuffer Body { get; } = new();

    /// <summary>How many records it holds.</summary>
    public int Records { get; set; }

    /// <summary>The configuration that the connection's base attributes were decoded with.</summary>
    public SnapshotLease Lease { get; set; }

    /// <summary>The base attributes.</summary>
    public AttributeBag? Inherited { get; set; }

    /// <summary>How many words the client may use.</summary>
    public int WordCount { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Body.Dispose();
}
