using System.CommandLine;
using FastMixer.Cli.Commands;
using FastMixer.Engine.Reports;

namespace FastMixer.Cli.Serving;

/// <summary>The options that say how many reports may wait at a server, and who reads them.</summary>
internal sealed class ReportArguments
{
    private const int MostMegabytes = 1024 * 1024;
    private const int MostWorkers = 1024;
    private const int BytesPerMegabyte = 1024 * 1024;

    private readonly Option<int> _memory = new("--report-memory")
    {
        Description = "Memory in which reports may wait until they are read, in MiB; what has no room is refused",
        HelpName = "MIB",
        DefaultValueFactory = _ => (int)(new ReportOptions().MaxBytes / BytesPerMegabyte),
    };

    private readonly Option<int> _workers = new("--report-workers")
    {
        Description = "Workers that read reports, each those of its own connections",
        HelpName = "N",
        DefaultValueFactory = _ => new ReportOptions().Workers,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _memory.Validators.Add(result => ServeCommand.RequireRange(result, 1, MostMegabytes));
        _workers.Validators.Add(result => ServeCommand.RequireRange(result, 1, MostWorkers));
        command.Add(_memory);
        command.Add(_workers);
    }

    /// <summary>What the command line says.</summary>
    public ReportOptions Read(ParseResult parsed) => new()
    {
        MaxBytes = (long)parsed.GetValue(_memory) * BytesPerMegabyte,
        Workers = parsed.GetValue(_workers),
    };
}
