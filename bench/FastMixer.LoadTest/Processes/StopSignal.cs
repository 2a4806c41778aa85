using System.Runtime.InteropServices;

namespace FastMixer.LoadTest.Processes;

/// <summary>What the servers among the modes of this program wait for: SIGTERM or SIGINT.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    /// <summary>Begins to listen for the signals.</summary>
    public StopSignal()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    }

    /// <summary>Tells who has started this process where it serves, and waits for a signal.</summary>
    /// <param name="address">The address.</param>
    public void ServeAt(string address)
    {
        Console.WriteLine(address);
        Console.WriteLine(ChildServer.ReadyLine);
        _stopped.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _stopped.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopped.Set();
    }
}
