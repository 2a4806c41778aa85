using System.Net.Sockets;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// The floor: what the framework's sockets alone cost for requests and answers of given lengths. No protocol, no parsing, no
/// policy; no server on these sockets can be below it.
/// </summary>
internal static class FloorServer
{
    /// <summary>The hidden subcommand that runs it.</summary>
    public const string Command = "floor";

    /// <summary>
    /// Makes the sockets of this process run completions on their one polling thread. Only has an effect before the first socket.
    /// </summary>
    public static void PrepareProcess()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }

    /// <summary>Serves until SIGTERM, or until the parent process ends.</summary>
    public static int Run(ServerAddress address, int requestBytes, int answerBytes)
    {
        var answer = FloorAnswer.Create(address.Scheme, answerBytes);
        Native.DieWithParent();
        using var stop = new StopSignal();
        var path = address.Scheme is ServerScheme.Unix ? address.EndPoint.ToString() : null;

        using var listener = address.CreateSocket();
        try
        {
            listener.Bind(address.EndPoint);
        }
        catch (SocketException e)
        {
            throw new LoadTestException($"the floor can't listen on {address}: {e.Message}");
        }

        if (address.Framed)
        {
            listener.Listen(1024);
            var accepting = new Thread(() => Accept(listener, address.Scheme is ServerScheme.Tcp, requestBytes, answer));
            accepting.IsBackground = true;
            accepting.Start();
        }
        else
        {
            FloorDatagrams.Start(listener, requestBytes, answer);
        }

        stop.ServeAt(address.Bound(listener));
        if (path is not null)
        {
            File.Delete(path);
        }

        return ExitCode.Clean;
    }

    private static void Accept(Socket listener, bool tcp, int requestBytes, byte[] answer)
    {
        while (true)
        {
            var socket = listener.Accept();
            if (tcp)
            {
                socket.NoDelay = true;
            }

            new FloorConnection(socket, requestBytes, answer).Start();
        }
    }
}
