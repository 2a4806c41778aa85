using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FastMixer.LoadTest.Processes;

/// <summary>
/// A server started for the test. It prints each address in a line of its own and then that it is ready; SIGTERM ends it.
/// </summary>
internal sealed class ChildServer : IDisposable
{
    /// <summary>The line by which a FastMixer server, and each mode of this program, says that it is ready.</summary>
    public const string ReadyLine = "ready";

    private const int KeptComplaints = 3;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _name;
    private readonly string? _readyWords;
    private readonly Lock _lock = new();
    private readonly List<string> _addresses = [];
    private readonly ManualResetEventSlim _readyOrEnded = new();
    private bool _ready;
    private bool _disposed;
    private long _lines;
    private readonly Queue<string> _lastComplaints = new();

    private ChildServer(Process process, string name, string? readyWords)
    {
        _process = process;
        _name = name;
        _readyWords = readyWords;
        process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => OnComplaint(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Lines that it has written to its output since it was ready.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>Starts a command and waits until it is ready.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cpu">The CPU to bind it to, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="readyWords">Words of the line by which a server of another make says that it is ready; null for <see cref="ReadyLine"/>.</param>
    public static ChildServer Start(
        string name, IReadOnlyList<string> command, int? cpu, CancellationToken cancellation, string? readyWords = null)
    {
        IReadOnlyList<string> whole = cpu is { } number
            ? ["taskset", "-c", number.ToString(CultureInfo.InvariantCulture), .. command]
            : command;
        var start = new ProcessStartInfo(whole[0], whole.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        ChildServer child;
        try
        {
            child = new ChildServer(Process.Start(start)!, name, readyWords);
        }
        catch (Win32Exception e)
        {
            throw new LoadTestException($"can't start {whole[0]}: {Marshal.GetPInvokeErrorMessage(e.NativeErrorCode)}");
        }

        try
        {
            child.WaitUntilReady(cancellation);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>How it ended, with its last words; null while it runs.</summary>
    public string? Ending()
    {
        // A process whose sockets have just closed may not be known to be gone yet.
        if (!_process.WaitForExit(EndTime))
        {
            return null;
        }

        lock (_lock)
        {
            var complaint = _lastComplaints.Count > 0 ? ": " : "";
            return $"{_name} ended with exit code {_process.ExitCode}{complaint}{string.Join(" / ", _lastComplaints)}";
        }
    }

    /// <summary>The first address with the given scheme.</summary>
    public string Address(string scheme)
    {
        lock (_lock)
        {
            return _addresses.Find(address => address.StartsWith($"{scheme}://", StringComparison.Ordinal))
                ?? throw new LoadTestException(
                    $"{_name} does not listen on {scheme}; it said: {(_addresses.Count > 0 ? string.Join(", ", _addresses) : "nothing")}");
        }
    }

    /// <summary>Ends the process, and waits for the end of its output.</summary>
    /// <param name="kill">Whether with SIGKILL, so that it can do nothing about it; else with SIGTERM.</param>
    /// <exception cref="LoadTestException">It does not end within a minute.</exception>
    public void Stop(bool kill)
    {
        if (kill)
        {
            _process.Kill();
        }
        else
        {
            Native.SendTerminate(_process.Id);
        }

        if (!_process.WaitForExit(DrainTime))
        {
            throw new LoadTestException($"{_name} did not end within {DrainTime.TotalSeconds} s after {(kill ? "SIGKILL" : "SIGTERM")}");
        }

        _process.WaitForExit(); // For its output too, which the wait for a time leaves out.
    }

    /// <summary>Ends the process: with SIGTERM, and if that does not help in time, by force. Once is enough, more often is no error.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            Native.SendTerminate(_process.Id);
            if (!_process.WaitForExit(StopTime))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        _readyOrEnded.Dispose();
    }

    private void WaitUntilReady(CancellationToken cancellation)
    {
        var came = _readyOrEnded.Wait(StartTime, cancellation);
        lock (_lock)
        {
            if (_ready)
            {
                return;
            }

            if (!came)
            {
                throw new LoadTestException($"{_name} did not print '{_readyWords ?? ReadyLine}' within {StartTime.TotalSeconds} s");
            }
        }

        _process.WaitForExit(StopTime);
        throw new LoadTestException(Ending() is { } ending
            ? $"before it printed '{_readyWords ?? ReadyLine}', {ending}"
            : $"{_name} closed its output before it printed '{_readyWords ?? ReadyLine}'");
    }

    private void OnOutput(string? line)
    {
        lock (_lock)
        {
            if (_ready)
            {
                _lines += line is null ? 0 : 1;
                return;
            }

            if (line is not null && line.Contains("://", StringComparison.Ordinal) && !_ready)
            {
                _addresses.Add(line.Trim());
            }

            // The end of the output (null) before the line means that the process is ending.
            _ready = _readyWords is null ? line?.Trim() is ReadyLine : line?.Contains(_readyWords, StringComparison.Ordinal) is true;
            if (_ready || line is null)
            {
                _readyOrEnded.Set();
            }
        }
    }

    private void OnComplaint(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lock)
        {
            // Servers of another make may log there that they are ready.
            if (_readyWords is not null && !_ready && line.Contains(_readyWords, StringComparison.Ordinal))
            {
                _ready = true;
                _readyOrEnded.Set();
            }

            _lastComplaints.Enqueue(line.Trim());
            if (_lastComplaints.Count > KeptComplaints)
            {
                _lastComplaints.Dequeue();
            }
        }
    }
}
