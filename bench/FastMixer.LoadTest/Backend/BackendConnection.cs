using System.Net.Sockets;
using System.Text;
using FastMixer.LoadTest.Dialects;

namespace FastMixer.LoadTest.Backend;

/// <summary>One connection to a backend: reads requests, and hands each to the delay line, or to what else becomes of it.</summary>
internal sealed class BackendConnection(Socket socket, BackendOptions options, BackendBehaviour behaviour, DelayLine delayLine)
{
    private const int BufferBytes = 64 * 1024;
    private const int AbortAtOnce = 0;

    private static readonly byte[] StatisticsRequest = Encoding.ASCII.GetBytes($"GET {BackendStatistics.Path} ");
    private static readonly byte[] RestartRequest = Encoding.ASCII.GetBytes($"POST {BackendServer.RestartPath} ");

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _allowed = BackendAnswers.Allowed(options.MaxAge);
    private int _filled;

    /// <summary>Serves until the peer leaves, sends what is no HTTP, or is reset.</summary>
    public async Task RunAsync()
    {
        using var owned = socket;
        try
        {
            while (_filled < BufferBytes)
            {
                var count = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
                _filled += count;
                if (count == 0 || !TryServe())
                {
                    return;
                }
            }
        }
        catch (SocketException)
        {
            // A peer that breaks off is what the experiments are about.
        }
    }

    private bool TryServe()
    {
        var taken = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(taken.._filled);
            if (!HttpMessage.TryFind(rest, out var length))
            {
                return false;
            }

            if (length == 0)
            {
                rest.CopyTo(_buffer);
                _filled = rest.Length;
                return true;
            }

            if (!TryAnswer(rest[..length]))
            {
                return false;
            }

            taken += length;
        }
    }

    private bool TryAnswer(ReadOnlySpan<byte> request)
    {
        if (request.StartsWith(StatisticsRequest))
        {
            socket.Send(BackendAnswers.Statistics(behaviour.Statistics));
            return true;
        }

        if (request.StartsWith(RestartRequest))
        {
            behaviour.Restart();
            socket.Send(BackendAnswers.Statistics(behaviour.Statistics));
            return true;
        }

        return behaviour.Decide() switch
        {
            Fate.Answer => delayLine.TryAdd(socket, _allowed),
            Fate.Fail => delayLine.TryAdd(socket, BackendAnswers.Unavailable),
            _ => TryBeDown(),
        };
    }

    private bool TryBeDown()
    {
        switch (options.Manner)
        {
            case OutageManner.Refuse:
                socket.Send(BackendAnswers.Unavailable);
                return true;
            case OutageManner.Reset:
                socket.Close(AbortAtOnce);
                return false;
            default:
                return true;
        }
    }
}
