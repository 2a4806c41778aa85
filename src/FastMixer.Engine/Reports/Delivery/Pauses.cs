namespace FastMixer.Engine.Reports.Delivery;

/// <summary>The pauses between attempts at a backend that fails: each twice as long as the one before, until something succeeds. Belongs to one task.</summary>
internal sealed class Pauses(ReportRetry settings)
{
    /// <summary>How long to wait before the next attempt; zero after a success.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>An attempt has succeeded.</summary>
    public void Succeed() => Next = TimeSpan.Zero;

    /// <summary>An attempt has failed.</summary>
    public void Fail()
    {
        TimeSpan twice = Next == TimeSpan.Zero ? settings.FirstPause : Next * 2;
        Next = twice < settings.LongestPause ? twice : settings.LongestPause;
    }
}
