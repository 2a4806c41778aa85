using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Fleet;

/// <summary>The servers that a client asks, as one. Thread-safe.</summary>
internal interface IFleet : IAsyncDisposable
{
    /// <summary>The policies that servers have told.</summary>
    PolicyLedger Policies { get; }

    /// <summary>
    /// Asks a question: the server that its route prefers, then others while its time lasts, as long as they can't be reached or shed load. An answer of the
    /// server, denials too, ends it.
    /// </summary>
    /// <param name="question">The question; its owner leaves it as it is until the task has completed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MixerException">No server has answered in time; the message says which were tried, and what was wrong with each.</exception>
    ValueTask<ServedVerdict> CheckAsync(CheckQuestion question, CancellationToken cancellationToken);

    /// <summary>Hands over records of a report.</summary>
    /// <param name="records">The array of records as section 3 of protocol.md has it, header included; left as it is until the task has completed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MixerUnacknowledgedException">A server may have taken the records, and has not acknowledged them in time.</exception>
    /// <exception cref="MixerException">No server has taken them.</exception>
    ValueTask<Acknowledgement> ReportAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken);
}

/// <summary>A verdict, and whose it is.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Server">The number of the server in the <see cref="PolicyLedger"/>.</param>
internal readonly record struct ServedVerdict(Verdict Verdict, ushort Server);
