using FastMixer.Cli.Commands;

return await FastMixerCommand.RunAsync(
    FastMixerCommand.Create(
        ServeCommand.Create(), CheckCommand.Create(), ReportCommand.Create(), ReplayCommand.Create(), EvalCommand.Create(), ConfigCommand.Create()),
    args);
