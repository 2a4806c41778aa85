namespace FastMixer.Server.Overload;

/// <summary>When a server sheds load. Immutable.</summary>
public sealed record OverloadOptions
{
    /// <summary>
    /// How long requests may wait for their turn while there is a standing queue; zero to shed nothing. Must be well above the time that one check takes on
    /// the thread that reads the socket, which is microseconds, and above the time slices by which the system shares a core among threads, which are a few
    /// milliseconds. Default: 20 ms.
    /// </summary>
    public TimeSpan Target { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a queue must not have been shorter than the target to be a standing one, and how long it must have been to be none any more. Default: 200 ms.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether anything is shed.</summary>
    public bool IsEnabled => Target > TimeSpan.Zero;
}
