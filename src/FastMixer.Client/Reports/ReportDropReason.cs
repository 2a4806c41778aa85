namespace FastMixer.Client.Reports;

/// <summary>Why a record was not sent, or will not be. The values never change.</summary>
public enum ReportDropReason
{
    /// <summary>It was among the oldest when the buffer was full, or there was no room because another thread was just making some.</summary>
    Full,

    /// <summary>Servers had no room for it for as long as <see cref="ReportOptions.RetryFor"/>.</summary>
    Refused,

    /// <summary>No server could be reached for as long as <see cref="ReportOptions.RetryFor"/>.</summary>
    Unavailable,

    /// <summary>A server has refused its batch for good: something in it does not fit the policy or the server's limits.</summary>
    Rejected,

    /// <summary>It is larger than records may be.</summary>
    TooLarge,

    /// <summary>The client was disposed of before it could be sent.</summary>
    Shutdown,
}
