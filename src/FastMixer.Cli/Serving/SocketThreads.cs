namespace FastMixer.Cli.Serving;

/// <summary>
/// Where the runtime runs what waits for sockets. Inline, on the threads that poll them, saves a hop to another thread for each read: on two
/// cores about a third of the latency and half of the CPU of a small request. Nothing on those threads may wait.
/// </summary>
internal static class SocketThreads
{
    /// <summary>The runtime's own default leaves cores to the handlers that wait for backends and to the report worker.</summary>
    public static int Default => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Chooses inline completion. Must be called before the process opens its first socket; the runtime reads these once.</summary>
    /// <param name="threads">How many threads poll sockets.</param>
    public static void RunInline(int threads)
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", $"{threads}");
    }
}
