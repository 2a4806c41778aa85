using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Snapshots;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Reports;

/// <summary>What goes with a report that waits to be read: its bytes, checked already, are in the ring.</summary>
/// <param name="Ticket">Where the ends of its records are told.</param>
/// <param name="Lease">Of the configuration that it was checked with.</param>
/// <param name="Inherited">The connection's base attributes, decoded with that configuration.</param>
/// <param name="WordCount">How many words the client may use.</param>
internal readonly record struct ReportMessage(ReportTicket Ticket, SnapshotLease Lease, AttributeBag? Inherited, int WordCount);
