using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>CPU time that a process has used, user and kernel, from /proc/PID/stat.</summary>
internal static class CpuTime
{
    // The kernel shows times in units of 1/100 s to programs on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    // Fields 14 and 15 of proc_pid_stat(5), counted after field 2, the name, which may hold spaces.
    private const int UserField = 11;
    private const int KernelField = 12;

    /// <summary>Seconds used so far, or null if the process is gone or can't be seen.</summary>
    public static double? Read(int processId)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (Ticks(fields[UserField]) + Ticks(fields[KernelField])) / TicksPerSecond;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
