using System.Runtime.InteropServices;

namespace FastMixer.Engine.Reports.Threads;

/// <summary>
/// The priority of threads on Linux, where the framework's own has no effect: setpriority(2) is of the calling thread there if the id is 0, and anybody
/// may lower it. A thread of the highest niceness runs when a processor has nothing else to do, and is stopped at once when it has.
/// </summary>
internal static class LowPriority
{
    private const int Process = 0;
    private const int HighestNiceness = 19;

    /// <summary>Lets the calling thread give way to all others. Where the system does not do so it is no error: then they share the processors.</summary>
    public static void Apply()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(Process, 0, HighestNiceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int id, int niceness);
}
