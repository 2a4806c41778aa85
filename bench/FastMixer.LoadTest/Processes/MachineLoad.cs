using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>What else the machine has to do: figures taken beside it are worth little.</summary>
internal static class MachineLoad
{
    /// <summary>The load average of the last minute when this was first asked, before anything was measured; null if the system does not tell.</summary>
    public static double? AtStart { get; } = Read();

    /// <summary>Reads the first number of /proc/loadavg.</summary>
    public static double? Parse(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load) ? load : null;

    private static double? Read()
    {
        try
        {
            return Parse(File.ReadAllText("/proc/loadavg"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
