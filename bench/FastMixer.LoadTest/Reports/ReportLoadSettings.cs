using FastMixer.LoadTest.Transport;
using FastMixer.LoadTest.Wire;

namespace FastMixer.LoadTest.Reports;

/// <summary>How reports are sent.</summary>
internal sealed record ReportLoadSettings
{
    /// <summary>The server.</summary>
    public required ServerAddress Address { get; init; }

    /// <summary>The messages.</summary>
    public required ReportTemplates Templates { get; init; }

    /// <summary>Connections, each with a thread of its own.</summary>
    public required int Connections { get; init; }

    /// <summary>Messages in flight on a connection; those that were refused and wait to be sent again are among them.</summary>
    public required int Depth { get; init; }

    /// <summary>Whether senders connect again when the server has gone, for a minute.</summary>
    public bool Reconnects { get; init; }

    /// <summary>Whether senders give way to all other threads of the machine, so that what is measured beside them on their CPU is not disturbed.</summary>
    public bool BehindOthers { get; init; }
}
