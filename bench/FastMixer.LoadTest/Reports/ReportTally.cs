namespace FastMixer.LoadTest.Reports;

/// <summary>What became of the records that senders sent, as the server's answers say. Any thread may call.</summary>
internal sealed class ReportTally
{
    private long _accepted;
    private long _refused;
    private long _unanswered;
    private long _responseBytes;

    /// <summary>Records that the server has taken.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Records that it had no room for; each time counts.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Records whose connection broke before their answer came. They were sent again, so that the server may have some of them twice.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>What the response sizes of the records taken sum up to.</summary>
    public long ResponseBytes => Interlocked.Read(ref _responseBytes);

    /// <summary>Which part of the records sent was refused.</summary>
    public double RefusedShare => (double)Refused / Math.Max(1, Refused + Accepted);

    /// <summary>Counts records taken.</summary>
    /// <param name="records">How many.</param>
    /// <param name="responseBytes">What their response sizes sum up to.</param>
    public void CountAccepted(int records, long responseBytes)
    {
        Interlocked.Add(ref _accepted, records);
        Interlocked.Add(ref _responseBytes, responseBytes);
    }

    /// <summary>Counts records that there was no room for.</summary>
    public void CountRefused(int records) => Interlocked.Add(ref _refused, records);

    /// <summary>Counts records without an answer.</summary>
    public void CountUnanswered(int records) => Interlocked.Add(ref _unanswered, records);
}
