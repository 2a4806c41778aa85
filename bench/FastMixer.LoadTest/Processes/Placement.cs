using System.Globalization;

namespace FastMixer.LoadTest.Processes;

/// <summary>On which CPU each side runs: it decides more of the numbers than most code does.</summary>
/// <param name="ServerCpu">The CPU of what is measured: the server, its peers and the floor, one at a time.</param>
/// <param name="ClientCpu">The CPU of this generator.</param>
/// <param name="BackendCpu">The CPU of the backend that an experiment starts for the server to ask.</param>
internal sealed record Placement(int ServerCpu, int ClientCpu, int BackendCpu)
{
    /// <summary>Reads SERVER,CLIENT or SERVER,CLIENT,BACKEND; without the last the backend shares the client's CPU, which then waits for it.</summary>
    public static Placement Parse(string text)
    {
        var cpus = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var cpu))
            {
                throw Malformed(text);
            }

            cpus.Add(cpu);
        }

        return cpus switch
        {
            [var server, var client] => new Placement(server, client, client),
            [var server, var client, var backend] => new Placement(server, client, backend),
            _ => throw Malformed(text),
        };
    }

    /// <summary>Each side on a CPU of its own; the backend has a third one where there is one.</summary>
    /// <param name="allowed">The CPUs that this process may use, rising.</param>
    public static Placement Apart(IReadOnlyList<int> allowed) => allowed switch
    {
        [var first, var second, ..] => new Placement(first, second, allowed.Count > 2 ? allowed[2] : second),
        _ => throw new LoadTestException(
            $"there is one CPU only ({CpuList.Format(allowed)}), so the sides can't run apart; with --pin {CpuList.Format(allowed)},{CpuList.Format(allowed)} they share it"),
    };

    /// <summary>Refuses CPUs that this process may not use.</summary>
    /// <param name="allowed">The CPUs that it may.</param>
    public void Validate(IReadOnlyList<int> allowed)
    {
        foreach (var cpu in (ReadOnlySpan<int>)[ServerCpu, ClientCpu, BackendCpu])
        {
            if (!allowed.Contains(cpu))
            {
                throw new LoadTestException($"--pin: CPU {cpu} is not among those that this process may use: {CpuList.Format(allowed)}");
            }
        }
    }

    /// <summary>Binds this process to its CPU, after checking all of them.</summary>
    public void Apply()
    {
        if (CpuList.Allowed(Environment.ProcessId) is { } allowed)
        {
            Validate(CpuList.Parse(allowed));
        }

        Native.PinThisProcess(ClientCpu);
    }

    /// <summary>What the report says of where processes ran, from what the system says; this generator comes last.</summary>
    /// <param name="processes">Their names, and their process ids where known.</param>
    public static string Describe(IReadOnlyList<(string Name, int? ProcessId)> processes) =>
        string.Join(", ", processes.Append(("generator", Environment.ProcessId)).Select(static process => Describe(process.Item1, process.Item2)));

    private static string Describe(string name, int? processId) =>
        $"{name} on {(processId is { } id && CpuList.Allowed(id) is { } cpus ? $"CPU {cpus}" : "CPU unknown")}";

    private static LoadTestException Malformed(string text) =>
        new($"--pin: '{text}' is not SERVERCPU,CLIENTCPU or SERVERCPU,CLIENTCPU,BACKENDCPU, like 0,1");
}
