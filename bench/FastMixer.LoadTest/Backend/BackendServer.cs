using System.Net.Sockets;
using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Backend;

/// <summary>
/// The backend of the experiments: an authorizer over HTTP/1.1 that allows everything, slowly, and fails as it is told to. Raw sockets, so that
/// what is measured is the server that asks it.
/// </summary>
internal static class BackendServer
{
    /// <summary>The subcommand that runs it.</summary>
    public const string Command = "backend";

    /// <summary>The path of a POST that makes it forget what it was asked.</summary>
    public const string RestartPath = "/-/restart";

    /// <summary>Serves until SIGTERM or SIGINT, or until the parent process ends if it is a load test.</summary>
    public static int Run(BackendOptions options, bool asChild)
    {
        if (asChild)
        {
            Native.DieWithParent();
        }

        using var stop = new StopSignal();
        using var listener = options.Listen.CreateSocket();
        try
        {
            listener.Bind(options.Listen.EndPoint);
            listener.Listen(1024);
        }
        catch (SocketException e)
        {
            throw new LoadTestException($"the backend can't listen on {options.Listen}: {e.Message}");
        }

        var behaviour = new BackendBehaviour(options, TimeProvider.System);
        var accepting = new Thread(() => Accept(listener, options, behaviour)) { IsBackground = true, Name = "accept" };
        accepting.Start();
        stop.ServeAt(options.Listen.Bound(listener));
        return ExitCode.Clean;
    }

    /// <summary>Takes connections until the listener is disposed.</summary>
    internal static void Accept(Socket listener, BackendOptions options, BackendBehaviour behaviour)
    {
        var delayLine = new DelayLine(options.Delay);
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                continue; // Gone before it was taken.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            _ = new BackendConnection(socket, options, behaviour, delayLine).RunAsync();
        }
    }
}
