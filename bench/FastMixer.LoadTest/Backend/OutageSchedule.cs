using FastMixer.LoadTest.CommandLine;

namespace FastMixer.LoadTest.Backend;

/// <summary>When a backend is down, counted from the first request that it got.</summary>
internal sealed class OutageSchedule
{
    private readonly (TimeSpan Begin, TimeSpan Length)[] _outages;

    private OutageSchedule((TimeSpan Begin, TimeSpan Length)[] outages) => _outages = outages;

    /// <summary>Never down.</summary>
    public static OutageSchedule None { get; } = new([]);

    /// <summary>The outages, in the order of their beginning.</summary>
    public IReadOnlyList<(TimeSpan Begin, TimeSpan Length)> Outages => _outages;

    /// <summary>Down once.</summary>
    public static OutageSchedule Once(TimeSpan begin, TimeSpan length) => new([(begin, length)]);

    /// <summary>Reads BEGIN+LENGTH, several of them joined by commas, in rising order: 30s+30s,90s+5s.</summary>
    public static OutageSchedule Parse(string text)
    {
        var outages = new List<(TimeSpan Begin, TimeSpan Length)>();
        var free = TimeSpan.Zero;
        foreach (var part in text.Split(','))
        {
            if (part.Split('+') is not [var begin, var length]
                || !DurationText.TryParse(begin, out var at)
                || !DurationText.TryParse(length, out var lasting)
                || lasting == TimeSpan.Zero)
            {
                throw new LoadTestException($"--outage: '{part}' is not BEGIN+LENGTH, like 30s+30s");
            }

            if (at < free)
            {
                throw new LoadTestException($"--outage: '{part}' begins before the one before it has ended");
            }

            free = at + lasting;
            outages.Add((at, lasting));
        }

        return new OutageSchedule([.. outages]);
    }

    /// <summary>Whether the backend is down at a moment.</summary>
    /// <param name="elapsed">The time since its first request.</param>
    public bool IsDown(TimeSpan elapsed) => Array.Exists(_outages, outage => elapsed >= outage.Begin && elapsed < outage.Begin + outage.Length);

    /// <summary>As <see cref="Parse"/> reads it; empty without outages.</summary>
    public override string ToString() =>
        string.Join(",", _outages.Select(static outage => $"{DurationText.Format(outage.Begin)}+{DurationText.Format(outage.Length)}"));
}
