using System.Globalization;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Fleet;

/// <summary>The servers of a fleet.</summary>
internal sealed class FleetServers : IDisposable
{
    private readonly FleetMember[] _members;

    // All four may share a CPU, and one that starts compiles its code there: what the others would shed meanwhile says nothing of routing or restarts.
    private static readonly string[] PatientOptions = ["--overload-target", "500ms", "--overload-interval", "1s"];

    /// <summary>Starts them all.</summary>
    /// <param name="setup">Where they are found, and where they run.</param>
    /// <param name="policy">The name of the folder of their policy.</param>
    /// <param name="setting">How many verdicts each keeps.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public FleetServers(ExperimentSetup setup, string policy, FleetSetting setting, CancellationToken cancellation)
    {
        string[] options = [.. PatientOptions, "--cache-entries", setting.CacheEntries.ToString(CultureInfo.InvariantCulture)];
        var ports = FreePorts.Find(FleetSetting.Servers * 2);
        _members =
        [
            .. Enumerable.Range(0, FleetSetting.Servers)
                .Select(i => new FleetMember(setup, policy, options, ports[i], ports[FleetSetting.Servers + i], cancellation)),
        ];
        try
        {
            foreach (var member in _members)
            {
                member.Start();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The servers.</summary>
    public IReadOnlyList<FleetMember> Members => _members;

    /// <summary>Where they listen.</summary>
    public IReadOnlyList<string> Addresses => [.. _members.Select(static member => member.Address)];

    /// <summary>Their names in reports, and their process ids.</summary>
    public IReadOnlyList<(string Name, int? ProcessId)> Processes => [.. _members.Select(static (member, i) => ($"server {i + 1}", member.ProcessId))];

    /// <summary>What all of them have counted.</summary>
    public MemberCounts Read() => _members.Select(static member => member.Read()).Aggregate(MemberCounts.Add);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }
    }
}
