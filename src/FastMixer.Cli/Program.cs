using FastMixer.Cli.Commands;

return await FastMixerCommand.RunAsync(
    FastMixerCommand.Create(CheckCommand.Create(), ReportCommand.Create(), ReplayCommand.Create()), args);
