using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>The memory of a process that is in the machine's, from /proc/PID/statm.</summary>
internal static class ResidentMemory
{
    /// <summary>Bytes, or null if the process is gone or can't be seen.</summary>
    public static long? Read(int processId)
    {
        try
        {
            // The second field of proc_pid_statm(5), in pages.
            var pages = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/statm")).Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
