using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>On which CPU the two sides run: it decides more of the numbers than most code does.</summary>
/// <param name="ServerCpu">The CPU of the server and of the floor.</param>
/// <param name="ClientCpu">The CPU of this generator.</param>
internal sealed record Placement(int ServerCpu, int ClientCpu)
{
    /// <summary>Reads SERVER,CLIENT.</summary>
    public static Placement Parse(string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var server)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var client)
            ? new Placement(server, client)
            : throw new LoadTestException($"--pin: '{text}' is not SERVERCORE,CLIENTCORE, like 0,1");
    }

    /// <summary>The CPUs that a process may use, as the system writes them (0-3,8), or null if it can't be seen.</summary>
    public static string? AllowedCpus(int processId)
    {
        try
        {
            const string Field = "Cpus_allowed_list:";
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
                .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line?[Field.Length..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the report says of where the processes ran, from what the system says.</summary>
    public static string Describe(int? serverProcess, int? floorProcess)
    {
        var sides = new List<string> { Side("server", serverProcess) };
        if (floorProcess is not null)
        {
            sides.Add(Side("floor", floorProcess));
        }

        sides.Add(Side("generator", Environment.ProcessId));
        return string.Join(", ", sides);
    }

    private static string Side(string name, int? processId) =>
        $"{name} on {(processId is { } id && AllowedCpus(id) is { } cpus ? $"CPU {cpus}" : "CPU unknown")}";
}
