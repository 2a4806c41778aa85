namespace FastMixer.Client.Tests;

/// <summary>Waits for what another thread does soon; the guard is far beyond any machine's slowness.</summary>
internal static class Until
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Guard, "the condition did not come true");
            await Task.Yield();
        }
    }
}
