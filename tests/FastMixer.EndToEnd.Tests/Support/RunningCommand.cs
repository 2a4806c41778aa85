using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FastMixer.EndToEnd.Tests.Support;

/// <summary>The built <c>fastmixer</c> command, or another program, as a process of its own; killed at the end of a test if it still runs.</summary>
internal sealed partial class RunningCommand : IAsyncDisposable
{
    private const int Sighup = 1;
    private const int Sigterm = 15;

    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private RunningCommand(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public static RunningCommand Start(params string[] arguments) =>
        Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fastmixer.dll"), .. arguments]));

    public static RunningCommand Start(ProcessStartInfo program)
    {
        program.RedirectStandardOutput = true;
        program.RedirectStandardError = true;
        program.RedirectStandardInput = true;
        return new RunningCommand(Process.Start(program)!);
    }

    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        await using RunningCommand command = Start(arguments);
        return await command.EndAsync();
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Guard) ?? throw new InvalidOperationException("ended: " + await _error);

    /// <summary>Reads what <c>serve</c> says when it answers.</summary>
    /// <returns>Its only address.</returns>
    public async Task<string> ReadyAsync()
    {
        string address = await ReadLineAsync();
        Assert.Equal("ready", await ReadLineAsync());
        return address;
    }

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, Sigterm));

    public void HangUp() => Assert.Equal(0, Kill(_process.Id, Sighup));

    public Task<CommandResult> EndAsync() => EndAsync(Guard);

    public async Task<CommandResult> EndAsync(TimeSpan guard)
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(guard);
        await _process.WaitForExitAsync().WaitAsync(guard);
        return new CommandResult(_process.ExitCode, output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}

internal sealed record CommandResult(int ExitCode, string Output, string Error);
